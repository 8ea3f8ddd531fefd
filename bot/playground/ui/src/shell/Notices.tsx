import { nameOf, useApps, useOverview, useUsers } from "../state/select";
import { toast, useStore } from "../state/store";

/** What is wrong just now: the server gone, an app not connected. */
export function Banner() {
  const lost = useStore((now) => now.lost);
  const apps = useApps();
  const users = useUsers();
  const progress = useStore((now) => now.overview?.progress);
  const away = apps.filter((app) => !app.connected).map((app) => nameOf(users, app.user_id));
  if (lost) {
    return (
      <p className="banner" role="status">
        Connection lost. Is the local Slack still running? Trying again …
      </p>
    );
  }
  if (!away.length || progress?.length) return null;
  return (
    <p className="banner" role="status">
      {`${away.join(", ")} ${away.length === 1 ? "is" : "are"} not connected just now: answers may take a while, and commands fail.`}
    </p>
  );
}

/** What is being got ready, such as the model. */
export function Progress() {
  const { progress } = useOverview();
  return (progress ?? []).map((one) => (
    <div className="progress" role="status" key={one.what}>
      <span>{one.detail ? `${one.what}: ${one.detail}` : one.what}</span>
      <progress aria-label={one.what} max={1} value={one.share ?? undefined} />
    </div>
  ));
}

/** A line at the bottom that goes by itself. */
export function Toast() {
  const text = useStore((now) => now.toast);
  if (!text) return null;
  return (
    <div className="toast" role="alert">
      <span>{text}</span>
      <button type="button" className="icon" aria-label="Dismiss" onClick={() => toast(null)}>
        ✕
      </button>
    </div>
  );
}

/** What is said to people who hear the page. */
export function Announcer() {
  const said = useStore((now) => now.said);
  return (
    <div className="unseen" role="status">
      {said.map((one) => (
        <p key={one.id}>{one.text}</p>
      ))}
    </div>
  );
}
