import type { Message } from "../api/types";
import { act } from "../state/store";
import { emojiOf } from "../text/emoji";

/** Add the viewer's reaction, or take it away. */
export function react(message: Message, name: string, viewer: string) {
  const add = !(message.reactions?.[name] ?? []).includes(viewer);
  return act("react", { channel: message.channel, ts: message.ts, name, add });
}

export function Reactions(props: { message: Message; viewer: string; names: (ids: string[]) => string }) {
  const { message, viewer, names } = props;
  const reactions = Object.entries(message.reactions ?? {});
  if (!reactions.length) return null;
  return (
    <div className="reactions">
      {reactions.map(([name, who]) => (
        <button
          key={name}
          type="button"
          className="reaction"
          title={names(who)}
          aria-label={`${name}, ${who.length}: ${names(who)}`}
          aria-pressed={who.includes(viewer)}
          onClick={() => void react(message, name, viewer)}
        >
          {`${emojiOf(name)} ${who.length}`}
        </button>
      ))}
    </div>
  );
}
