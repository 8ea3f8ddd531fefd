import { lazy, Suspense, useEffect } from "react";
import { listen } from "../api/changes";
import { Questions } from "../dialogs/confirm";
import { Modals } from "../dialogs/Modals";
import { Home, Tabs } from "../home/Home";
import { Channel } from "../messages/Channel";
import { listenToKeys, showKeys } from "../messages/keys";
import { Thread } from "../messages/Thread";
import { PersonMenu } from "../sidebar/People";
import { Sidebar } from "../sidebar/Sidebar";
import { appIn, nameOf, titleOf, useApps, useChannel, useUsers, useViewer } from "../state/select";
import { followAddress, go, setLost, showInspector, showSidebar, take, useStore } from "../state/store";
import { Announcer, Banner, Progress, Toast } from "./Notices";

const Inspector = lazy(() => import("../inspector/Inspector"));

function toggleInspector() {
  const { inspector } = useStore.getState();
  showInspector(!inspector);
  if (inspector) document.getElementById("inspect")?.focus();
}

function onInspectorKey(event: KeyboardEvent) {
  // by its place: with Alt, many layouts write another letter
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.code !== "KeyI") return;
  event.preventDefault();
  toggleInspector();
}

function useServer() {
  const asked = useStore((now) => now.asked);
  useEffect(() => listen(asked, take, setLost), [asked]);
}

function closeOnEscape(event: KeyboardEvent) {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const { sidebar, route } = useStore.getState();
  if (sidebar) {
    showSidebar(false);
    document.getElementById("menu")?.focus();
  } else if (route.thread) {
    const root = route.thread;
    go({ channel: route.channel });
    requestAnimationFrame(() => {
      const link = `main article[data-ts="${CSS.escape(root)}"] .thread-link`;
      document.querySelector<HTMLElement>(link)?.focus({ preventScroll: true });
    });
  } else if (document.activeElement instanceof HTMLTextAreaElement && !document.activeElement.value) {
    document.activeElement.blur();
  }
}

function useKeyboard() {
  useEffect(() => {
    const end = listenToKeys(() => useStore.getState().route.channel);
    document.addEventListener("keydown", closeOnEscape);
    document.addEventListener("keydown", onInspectorKey);
    // it comes for links within the page, too, even for one to where one is, for which there is no hashchange
    window.addEventListener("popstate", followAddress);
    return () => {
      end();
      document.removeEventListener("keydown", closeOnEscape);
      document.removeEventListener("keydown", onInspectorKey);
      window.removeEventListener("popstate", followAddress);
    };
  }, []);
  useEffect(() => showKeys());
}

function InspectorButton() {
  const open = useStore((now) => now.inspector);
  return (
    <button
      type="button"
      id="inspect"
      className="icon"
      aria-label="Inspector"
      aria-pressed={open}
      aria-keyshortcuts="Alt+I"
      title="Inspector: what crosses the wire, faults, replay (Alt+I)"
      onClick={toggleInspector}
    >
      {"{ }"}
    </button>
  );
}

function Bar({ title, topic }: { title: string; topic: string }) {
  const open = useStore((now) => now.sidebar);
  return (
    <header className="bar">
      <button
        type="button"
        id="menu"
        className="icon only-narrow"
        aria-label="Channels"
        aria-expanded={open}
        aria-controls="sidebar"
        onClick={() => showSidebar(!open)}
      >
        ☰
      </button>
      <div className="grow">
        <h1>{title}</h1>
        <p title={topic}>{topic}</p>
      </div>
      <InspectorButton />
      <PersonMenu />
    </header>
  );
}

function Main() {
  const route = useStore((now) => now.route);
  const channel = useChannel(route.channel);
  const users = useUsers();
  const apps = useApps();
  const viewer = useViewer();
  const home = apps.find((app) => app.id === route.home);
  const title = home ? nameOf(users, home.user_id) : channel ? titleOf(channel, users, viewer) : "Local Slack";
  useEffect(() => {
    document.title = `${title} · Local Slack`;
  }, [title]);
  const app = channel && channel.kind === "im" ? appIn(channel, apps) : undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the menu has its own key, Escape
    <main onClick={(event) => (event.target as HTMLElement).closest("#menu") || showSidebar(false)}>
      <Bar title={title} topic={home ? "" : (channel?.topic ?? "")} />
      <Banner />
      <Progress />
      {home ? <Home app={home} /> : null}
      {app?.home ? <Tabs app={app} tab="messages" /> : null}
      {channel && !home ? <Channel key={`${viewer}:${channel.id}`} channel={channel} /> : null}
      {!channel && !home ? <p className="empty">Choose a channel.</p> : null}
    </main>
  );
}

/** The page. */
export function App() {
  useServer();
  useKeyboard();
  const ready = useStore((now) => now.overview !== null);
  const lost = useStore((now) => now.lost);
  const inspector = useStore((now) => now.inspector);
  const route = useStore((now) => now.route);
  const channel = useChannel(route.channel);
  const viewer = useViewer();
  if (!ready) {
    return <p className="empty">{lost ? "The local Slack does not answer. Is it still running?" : "Loading…"}</p>;
  }
  return (
    <>
      <Sidebar />
      <Main />
      {channel && route.thread ? (
        <Thread key={`${viewer}:${channel.id}:${route.thread}`} channel={channel} root={route.thread} />
      ) : null}
      {inspector ? (
        <Suspense fallback={null}>
          <Inspector />
        </Suspense>
      ) : null}
      <Modals />
      <Questions />
      <Toast />
      <Announcer />
    </>
  );
}
