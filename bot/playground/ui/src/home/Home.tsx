import { useEffect, useMemo } from "react";
import type { App, Taken } from "../api/types";
import type { Acting, Suggested } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { nameOf, useUsers, useViewer } from "../state/select";
import { act, go, tellUnlessAcked, useStore } from "../state/store";

async function toMessages(app: App) {
  const opened = await act<{ channel: string }>("open_dm", { other: app.name });
  if (!opened) return;
  go({ channel: opened.channel });
  void act("open_home", { app_id: app.id, tab: "messages" });
}

/** The two tabs of an app: its Home, and the messages with it. */
export function Tabs({ app, tab }: { app: App; tab: "home" | "messages" }) {
  return (
    <div className="tabs" role="tablist" aria-label="The app">
      <button type="button" role="tab" aria-selected={tab === "home"} onClick={() => go({ home: app.id })}>
        Home
      </button>
      <button type="button" role="tab" aria-selected={tab === "messages"} onClick={() => void toMessages(app)}>
        Messages
      </button>
    </div>
  );
}

/** The page that an app has published for this person; the app is told that they opened it. */
export function Home({ app }: { app: App }) {
  const users = useUsers();
  const viewer = useViewer();
  const view = useStore((now) => now.screen.homes.find((home) => home.app_id === app.id));
  const id = view?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each person who comes here opens it
  useEffect(() => {
    void act("open_home", { app_id: app.id });
  }, [app.id, viewer]);
  const acting = useMemo<Acting>(
    () => ({
      act: async (block, element, value) => {
        const where = { view_id: id, action_id: element.action_id, block_id: block.block_id };
        tellUnlessAcked(await act<Taken>("act", { ...where, value }), app.id);
      },
      suggest: async (block, element, typed) => {
        const where = { view_id: id, action_id: element.action_id, block_id: block.block_id };
        return (await act<Suggested>("suggest", { ...where, typed })) ?? { options: [], error: "unreachable" };
      },
    }),
    [id, app.id],
  );
  return (
    <>
      <Tabs app={app} tab="home" />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="home" aria-label={`Home of ${nameOf(users, app.user_id)}`} tabIndex={0}>
        <div>
          {view ? (
            <Blocks blocks={view.blocks} acting={acting} values={view.values} />
          ) : (
            <p className="empty">The app has published nothing here yet.</p>
          )}
        </div>
      </section>
    </>
  );
}
