import type { Message } from "../api/types";
import { authorOf, useUsers } from "../state/select";
import { go } from "../state/store";

const SHOWN = 160;

/** What is pinned to a channel: a line that opens, each pin leads to its message. */
export function Pins({ channel, pins }: { channel: string; pins: Message[] }) {
  const users = useUsers();
  if (!pins.length) return null;
  return (
    <details className="pins">
      <summary>{`📌 ${pins.length} pinned`}</summary>
      <ul>
        {pins.map((pin) => (
          <li key={pin.ts}>
            <button type="button" className="quiet" onClick={() => go({ channel, target: { ts: pin.ts } })}>
              <b>{authorOf(users, pin)}</b> {pin.text.slice(0, SHOWN)}
              {pin.text.length > SHOWN ? "…" : ""}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
