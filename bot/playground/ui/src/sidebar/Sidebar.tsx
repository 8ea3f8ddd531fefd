import type { App, Channel } from "../api/types";
import { ThemeButton } from "../shell/theme";
import { isDirect, isPrivate, nameOf, titleOf, useOverview } from "../state/select";
import { act, go, useStore } from "../state/store";
import { People } from "./People";

interface PlaceProps {
  text: string;
  current: boolean;
  unread?: boolean;
  connected?: boolean;
  onOpen: () => void;
}

function Place({ text, current, unread = false, connected, onOpen }: PlaceProps) {
  const state = connected === undefined ? "" : connected ? ", connected" : ", not connected";
  return (
    <li>
      <button
        type="button"
        className={`place ${unread ? "unread" : ""}`}
        aria-label={`${text}${unread ? ", unread" : ""}${state}`}
        aria-current={current ? "page" : undefined}
        onClick={onOpen}
      >
        <span>{text}</span>
        {connected === undefined ? null : <span className={`dot ${connected ? "on" : ""}`} />}
      </button>
    </li>
  );
}

function Places({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

async function openDirect(app: App) {
  const opened = await act<{ channel: string }>("open_dm", { other: app.name });
  if (opened) go({ channel: opened.channel });
}

export function Sidebar() {
  const { team, channels, apps, users, viewer } = useOverview();
  const open = useStore((now) => now.sidebar);
  const route = useStore((now) => now.route);
  const reads = useStore((now) => now.reads);
  const mine = channels.filter((channel) => channel.members.includes(viewer) && !channel.is_archived);
  const others = channels.filter((channel) => !channel.members.includes(viewer) && !channel.is_archived);
  const direct = mine.filter(isDirect);
  const unread = (channel: Channel) =>
    Boolean(channel.last_ts && channel.id !== route.channel && channel.last_ts > (reads[channel.id] ?? ""));
  const place = (channel: Channel) => (
    <Place
      key={channel.id}
      text={titleOf(channel, users, viewer)}
      current={channel.id === route.channel}
      unread={unread(channel)}
      connected={apps.find((app) => isDirect(channel) && channel.members.includes(app.user_id))?.connected}
      onOpen={() => go({ channel: channel.id })}
    />
  );
  const isGuest = users.find((user) => user.id === viewer)?.is_restricted;
  return (
    <nav className={`sidebar ${open ? "open" : ""}`} id="sidebar" aria-label="People and channels">
      <header>
        <strong>{team.name}</strong>
        <p className="note">A local Slack on this machine: no account, and nothing goes to Slack.</p>
      </header>
      <People />
      <div className="places">
        <Places title="Channels">
          {mine.filter((channel) => channel.kind === "channel" || channel.kind === "group").map(place)}
        </Places>
        <Places title="Direct messages">
          {mine.filter((channel) => isDirect(channel) || (isPrivate(channel) && channel.kind === "mpim")).map(place)}
          {apps
            .filter((app) => !direct.some((channel) => channel.members.includes(app.user_id)))
            .map((app) => (
              <Place
                key={app.id}
                text={nameOf(users, app.user_id)}
                current={false}
                connected={app.connected}
                onOpen={() => void openDirect(app)}
              />
            ))}
        </Places>
        {apps.some((app) => app.home) ? (
          <Places title="App Home">
            {apps
              .filter((app) => app.home)
              .map((app) => (
                <Place
                  key={app.id}
                  text={`⌂ ${nameOf(users, app.user_id)}`}
                  current={route.home === app.id}
                  onOpen={() => go({ home: app.id })}
                />
              ))}
          </Places>
        ) : null}
        {others.length && !isGuest ? (
          <Places title="To join">
            {others.map((channel) => (
              <Place
                key={channel.id}
                text={titleOf(channel, users, viewer)}
                current={false}
                onOpen={() =>
                  void act("join", { channel: channel.id }).then((done) => done && go({ channel: channel.id }))
                }
              />
            ))}
          </Places>
        ) : null}
      </div>
      <footer>
        <ThemeButton />
      </footer>
    </nav>
  );
}
