import type { Message } from "../api/types";
import { Avatar } from "../shell/Avatar";
import { nameOf, useUsers } from "../state/select";
import { clock, dayName } from "../text/dates";

/** The line under a message that has replies. */
export function ThreadLink({ message, open }: { message: Message; open: (root: string) => void }) {
  const users = useUsers();
  const count = message.reply_count ?? 0;
  const replies = `${count} ${count === 1 ? "reply" : "replies"}`;
  const latest = message.latest_reply;
  return (
    <button
      type="button"
      className="thread-link"
      aria-label={`Open the thread: ${replies}`}
      onClick={() => open(message.thread_ts ?? message.ts)}
    >
      {(message.reply_users ?? []).map((id) => (
        <Avatar key={id} id={id} name={nameOf(users, id)} small />
      ))}
      <span>{replies}</span>
      {latest ? <small>{`last ${dayName(latest).toLowerCase()} ${clock(latest)}`}</small> : null}
    </button>
  );
}
