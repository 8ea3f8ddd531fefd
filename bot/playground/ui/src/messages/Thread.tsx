import { useEffect, useMemo, useRef } from "react";
import type { Channel } from "../api/types";
import { Composer } from "../composer/Composer";
import { PersonMenu } from "../sidebar/People";
import { threadKey } from "../state/logs";
import { titleOf, useMe, useStatuses, useThread, useUsers } from "../state/select";
import { go, loadThread, useStore } from "../state/store";
import { MessageList } from "./MessageList";
import { useAnnounced } from "./useAnnounced";
import { useTurn } from "./useTurn";

/** A thread beside its channel. Give it a key of thread and viewer: each starts afresh. */
export function Thread({ channel, root }: { channel: Channel; root: string }) {
  const me = useMe();
  const users = useUsers();
  const log = useThread(channel.id, root);
  const statuses = useStatuses(channel.id);
  const dismissed = useStore((now) => now.dismissed);
  const pointed = useStore((now) => now.route.target);
  const target = pointed?.ts ?? null;
  const turn = useTurn(pointed, target);
  const close = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    void loadThread(channel.id, root);
  }, [channel.id, root]);

  const messages = useMemo(
    () => (log?.messages ?? []).filter((one) => !dismissed.has(threadKey(one.channel, one.ts))),
    [log, dismissed],
  );
  useAnnounced(log && messages, me.id);
  const title = titleOf(channel, users, me.id);
  return (
    <aside className="thread" aria-label="Thread" data-thread={root}>
      <header className="bar">
        <div className="grow">
          <h2>Thread</h2>
          <p>{title}</p>
        </div>
        <PersonMenu />
        <button
          ref={close}
          type="button"
          className="icon"
          aria-label="Close thread"
          title="Close thread (Esc)"
          onClick={() => go({ channel: channel.id })}
        >
          ✕
        </button>
      </header>
      <div className="pane">
        {log ? (
          <MessageList
            key={turn}
            label={`Thread in ${title}`}
            messages={messages}
            statuses={statuses}
            more={false}
            openThread={null}
            target={target}
            readUpTo={null}
            questions={null}
            empty="This thread is gone."
          />
        ) : (
          <p className="empty">Loading…</p>
        )}
      </div>
      <Composer channel={channel} thread={root} label={`Reply as ${me.real_name}`} draft={null} offered={[]} />
    </aside>
  );
}
