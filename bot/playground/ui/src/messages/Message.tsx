import { memo, useMemo } from "react";
import type { Message as MessageJson, Taken } from "../api/types";
import type { Acting, Suggested } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { Avatar } from "../shell/Avatar";
import { threadKey } from "../state/logs";
import { authorOf, nameOf, useUsers, useViewer } from "../state/select";
import { act, dismiss, edit, type Pane, tellUnlessAcked, useStore } from "../state/store";
import { clock, moment } from "../text/dates";
import { Mrkdwn } from "../text/Mrkdwn";
import { Attachments } from "./Attachments";
import { clicked, settledClick } from "./clicks";
import { Editing } from "./Editing";
import { Files } from "./Files";
import { Questions } from "./Questions";
import { Reactions } from "./Reactions";
import { ThreadLink } from "./ThreadLink";
import { Tools } from "./Tools";

interface Props {
  message: MessageJson;
  /** Whether the same author wrote the line before, moments ago: then name and picture are not repeated. */
  follows: boolean;
  target: boolean;
  /** Opens the thread of a message; null inside a thread. */
  openThread: ((root: string) => void) | null;
  /** Questions that a person listed in the first message of a channel; null elsewhere. */
  questions: { asked: ReadonlySet<string>; ask: (question: string) => void } | null;
}

/** One message as its viewer sees it. */
export const Message = memo(function Message({ message, follows, target, openThread, questions }: Props) {
  const users = useUsers();
  const viewer = useViewer();
  const pane: Pane = openThread ? "channel" : "thread";
  const editing = useStore(({ edits }) => {
    const begun = edits[viewer];
    return begun?.key === threadKey(message.channel, message.ts) && begun.pane === pane ? begun : null;
  });
  const name = authorOf(users, message);
  const isApp = message.app_id !== null || message.user === "USLACKBOT";
  const { channel, ts, app_id } = message;

  const acting = useMemo<Acting>(
    () => ({
      act: async (block, element, value) => {
        clicked(channel, ts);
        const where = { channel, ts, action_id: element.action_id, block_id: block.block_id };
        tellUnlessAcked(await act<Taken>("click", { ...where, value }), app_id);
        settledClick(channel, ts);
      },
      suggest: async (block, element, typed) => {
        const where = { channel, ts, action_id: element.action_id, block_id: block.block_id };
        return (await act<Suggested>("suggest", { ...where, typed })) ?? { options: [], error: "not reachable" };
      },
    }),
    [channel, ts, app_id],
  );

  return (
    <article
      className={`message ${message.ephemeral ? "ephemeral" : ""} ${target ? "target" : ""} ${follows ? "follow" : ""}`}
      aria-label={`${name}, ${clock(ts)}`}
      data-ts={ts}
      tabIndex={-1}
    >
      <Avatar id={message.user} name={name} />
      <div className="column">
        {message.ephemeral ? (
          <div className="only">
            👁 Only visible to you
            <button type="button" className="quiet" onClick={() => dismiss(message)}>
              Dismiss
            </button>
          </div>
        ) : null}
        {message.pinned ? <div className="pinned">📌 Pinned</div> : null}
        {follows ? (
          <time className="gutter" dateTime={new Date(Number(ts) * 1000).toISOString()} title={moment(ts)}>
            {clock(ts)}
          </time>
        ) : (
          <div className="byline">
            <span className="who">{name}</span>
            {isApp ? <span className="tag">APP</span> : null}
            <time className="time" dateTime={new Date(Number(ts) * 1000).toISOString()} title={moment(ts)}>
              {clock(ts)}
            </time>
          </div>
        )}
        {message.broadcast && !openThread ? <div className="time">also sent to the channel</div> : null}
        {message.broadcast && openThread ? <div className="time">replied to a thread</div> : null}
        {editing ? (
          <Editing message={message} begun={editing} />
        ) : (
          <div className="body" data-body>
            {questions ? (
              <Questions text={message.raw_text} {...questions} />
            ) : message.blocks.length && message.app_id ? (
              <Blocks blocks={message.blocks} acting={acting} />
            ) : (
              <Mrkdwn text={message.raw_text} />
            )}
            <Attachments attachments={message.attachments ?? []} acting={acting} />
            {message.streaming ? <span className="caret" aria-hidden="true" /> : null}
            {message.edited && !message.app_id ? <span className="time"> (edited)</span> : null}
            <Files files={message.files ?? []} />
          </div>
        )}
        <Reactions message={message} viewer={viewer} names={(ids) => ids.map((id) => nameOf(users, id)).join(", ")} />
        {openThread && message.reply_count ? <ThreadLink message={message} open={openThread} /> : null}
      </div>
      <Tools message={message} openThread={openThread} edit={() => edit(message, pane)} />
    </article>
  );
});
