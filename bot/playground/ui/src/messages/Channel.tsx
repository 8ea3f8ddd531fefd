import { useCallback, useEffect, useMemo, useState } from "react";
import type { Channel as ChannelJson, Message } from "../api/types";
import { Composer, type Draft } from "../composer/Composer";
import { threadKey } from "../state/logs";
import { appIn, labelOf, nameOf, titleOf, useApps, useLog, useMe, useStatuses, useUsers } from "../state/select";
import { go, loadChannel, loadOlder, loadTarget, markRead, opensAt, useStore } from "../state/store";
import { MessageList } from "./MessageList";
import { Pins } from "./Pins";
import { questionsIn } from "./Questions";
import { useAnnounced } from "./useAnnounced";
import { useTurn } from "./useTurn";

const WIDE = 1000;
const OFFERED = 3;
const NO_MESSAGES: Message[] = [];

/** A channel with the field to write to it. Give it a key of channel and viewer: each starts afresh. */
export function Channel({ channel }: { channel: ChannelJson }) {
  const me = useMe();
  const users = useUsers();
  const apps = useApps();
  const log = useLog(channel.id);
  const statuses = useStatuses(channel.id);
  const dismissed = useStore((now) => now.dismissed);
  const pointed = useStore((now) => now.route.target);
  const thread = useStore((now) => now.route.thread);
  const target = pointed && (thread ?? pointed.ts);
  const [readUpTo] = useState(() => useStore.getState().reads[channel.id] || null);
  const [draft, setDraft] = useState<Draft | null>(null);

  useEffect(() => {
    void loadChannel(channel.id);
  }, [channel.id]);

  const loaded = log !== undefined;
  useEffect(() => {
    if (pointed && loaded) void loadTarget(channel.id, pointed);
  }, [channel.id, pointed, loaded]);

  const messages = useMemo(
    () => (log?.messages ?? NO_MESSAGES).filter((one) => !dismissed.has(threadKey(one.channel, one.ts))),
    [log, dismissed],
  );
  const missing = target !== null && !messages.some((one) => one.ts === target);
  const early = log !== undefined && target !== null && !opensAt(log, target);
  const turn = useTurn(pointed, missing || early ? null : target);
  useAnnounced(log && messages, me.id);
  const newest = channel.last_ts;
  const seen = useCallback(() => {
    if (newest && document.visibilityState === "visible") markRead(channel.id, newest);
  }, [channel.id, newest]);
  const openThread = useCallback((root: string) => go({ channel: channel.id, thread: root }), [channel.id]);

  const first = log?.more ? undefined : messages[0];
  const listed = useMemo(() => (first && !first.app_id ? questionsIn(first.raw_text) : []), [first]);
  const asked = useMemo(
    () =>
      new Set(listed.filter((question) => messages.some((one) => one !== first && one.raw_text.includes(question)))),
    [listed, messages, first],
  );
  const app = appIn(channel, apps);
  const ask = useCallback(
    (question: string) => setDraft({ text: app && channel.kind !== "im" ? `@${app.name} ${question}` : question }),
    [app, channel.kind],
  );
  const questions = useMemo(() => (listed.length ? { asked, ask } : null), [listed, asked, ask]);
  const offered = messages.length > 1 ? listed.filter((question) => !asked.has(question)).slice(0, OFFERED) : [];

  /** On a wide screen the thread of a question to the bot opens beside it, so that nobody misses the answer. */
  function sent(ts: string, text: string) {
    const awaits = app && (channel.kind === "im" || text.includes(`@${app.name}`));
    if (awaits && window.innerWidth >= WIDE) go({ channel: channel.id, thread: ts });
  }

  const title = titleOf(channel, users, me.id);
  const empty =
    channel.kind === "im" && app
      ? `This is your direct message with ${labelOf(channel, users, me.id)}. Just ask, without a mention. Only you see the answers.`
      : "Nothing here yet. Say something.";
  return (
    <>
      <Pins channel={channel.id} pins={log?.pins ?? NO_MESSAGES} />
      <div className="pane">
        {log && !early ? (
          <MessageList
            key={turn}
            label={`Messages in ${title}`}
            messages={messages}
            statuses={statuses}
            more={log.more}
            loadOlder={() => void loadOlder(channel.id)}
            openThread={openThread}
            target={target}
            readUpTo={readUpTo}
            questions={questions}
            seen={seen}
            empty={empty}
          />
        ) : (
          <p className="empty">Loading…</p>
        )}
      </div>
      <Composer
        channel={channel}
        thread={null}
        label={`Message ${title} as ${nameOf(users, me.id)}`}
        draft={draft}
        offered={offered}
        offer={ask}
        sent={sent}
      />
    </>
  );
}
