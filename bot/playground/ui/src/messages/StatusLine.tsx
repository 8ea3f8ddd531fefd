import { useEffect, useState } from "react";
import type { Status } from "../api/types";
import { nameOf, useApps, useUsers } from "../state/select";
import { act } from "../state/store";

const LIFE_SECONDS = 120;
const TURN_MS = 2500;

/** "Kostprobe is tasting…" with its loading messages in turn; gone after two minutes, as in Slack. */
export function StatusLine({ status }: { status: Status }) {
  const users = useUsers();
  const app = useApps().find((one) => one.id === status.app_id);
  const [over, setOver] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setOver(false);
    const end = setTimeout(() => setOver(true), Math.max(LIFE_SECONDS - status.age, 0) * 1000);
    const turning = setInterval(() => setTurn((now) => now + 1), TURN_MS);
    return () => {
      clearTimeout(end);
      clearInterval(turning);
    };
  }, [status]);
  if (over) return null;
  const { loading_messages: lines } = status;
  const line = lines.length ? lines[turn % lines.length] : null;
  return (
    <p className="status">
      {`${nameOf(users, app?.user_id ?? "")} ${status.text}`.replace(/\s*(…|\.\.\.)$/, "")}
      {line ? ` · ${line.replace(/\s*(…|\.\.\.)$/, "")}` : null}
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {app?.agent ? (
        <button
          type="button"
          className="quiet"
          onClick={() => void act("stop", { channel: status.channel, thread_ts: status.thread_ts, app_id: app.id })}
        >
          Stop
        </button>
      ) : null}
    </p>
  );
}
