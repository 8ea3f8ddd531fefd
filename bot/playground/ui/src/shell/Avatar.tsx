import { useUsers } from "../state/select";

const COLOURS = 6;

/** The letter of a person or an app in their colour; names stand beside it. */
export function Avatar({ id, name, small = false }: { id: string; name: string; small?: boolean }) {
  const users = useUsers();
  const at = users.findIndex((user) => user.id === id);
  const look = users[at]?.is_bot ? "app" : `a${(at + COLOURS) % COLOURS}`;
  return (
    <span className={`avatar ${look} ${small ? "small" : ""}`} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  );
}
