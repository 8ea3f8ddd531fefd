import type { User } from "../api/types";
import { Avatar } from "../shell/Avatar";
import { roleOf, useMe, useOverview, useUsers } from "../state/select";
import { announce, become } from "../state/store";

const first = (user: User) => user.real_name.split(" ")[0] ?? user.name;
const language = (user: User) => (user.locale && !user.locale.startsWith("en") ? user.locale.slice(0, 2) : "");
const about = (user: User) => [roleOf(user), language(user)].filter(Boolean).join(", ");
const GUEST =
  "A guest may ask and vote in their channels, and sees no others. Settings are for admins: try “Configure” and read what you are told.";

function act(user: User) {
  become(user.id);
  announce(`You are ${user.real_name} now.`);
}

export const usePeople = () => useUsers().filter((user) => !user.is_bot && !user.deleted);

/** Who acts: everybody of the workspace, one click each. */
export function People() {
  const people = usePeople();
  const me = useMe();
  const hint = useOverview().hint || (roleOf(me) === "guest" ? GUEST : "");
  return (
    <section className="acting" aria-label="Who you act as">
      <p>
        You are <b>{`${me.real_name} (${about(me)})`}</b>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset brings a look of its own */}
      <div className="people" role="group" aria-label="Act as somebody else">
        {people.map((user) => (
          <button
            key={user.id}
            type="button"
            className="person"
            title={`Act as ${user.real_name} (${about(user)})`}
            aria-label={`${user.real_name}, ${about(user)}`}
            aria-pressed={user.id === me.id}
            onClick={() => act(user)}
          >
            <Avatar id={user.id} name={user.real_name} />
            <small>{first(user)}</small>
          </button>
        ))}
      </div>
      {hint ? <p className="hint">{hint}</p> : null}
    </section>
  );
}

/** The same as a small menu, where the sidebar is hidden. */
export function PersonMenu() {
  const people = usePeople();
  const me = useMe();
  return (
    <select
      className="only-narrow"
      aria-label="You are"
      value={me.id}
      onChange={(event) => {
        const user = people.find((one) => one.id === event.target.value);
        if (user) act(user);
      }}
    >
      {people.map((user) => (
        <option key={user.id} value={user.id}>
          {first(user)}
        </option>
      ))}
    </select>
  );
}
