import { useEffect, useMemo, useRef, useState } from "react";
import { type ListRange, Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import type { Message as MessageJson, Status } from "../api/types";
import { useViewer } from "../state/select";
import { dayKey, dayName } from "../text/dates";
import { Message } from "./Message";
import { moveFocus } from "./moving";
import { StatusLine } from "./StatusLine";
import { useSettled } from "./useSettled";

const START = 1_000_000;
const NEAR_END_PX = 80;
const FOLLOWS_SECONDS = 300;
/** Of a screen: a newest message that is taller is shown from its beginning, not from its end. */
const TALL = 0.8;

interface Props {
  label: string;
  messages: MessageJson[];
  statuses: Status[];
  /** Whether older messages can be loaded. */
  more: boolean;
  loadOlder?: () => void;
  openThread: ((root: string) => void) | null;
  target: string | null;
  /** The newest message that had been read when this was opened; null shows no line. */
  readUpTo: string | null;
  questions: { asked: ReadonlySet<string>; ask: (question: string) => void } | null;
  /** Called when the newest message is on the screen. */
  seen?: () => void;
  empty: string;
}

/** Lines that Slack itself writes. */
const SYSTEM = new Set(["channel_join", "channel_leave", "pinned_item", "tombstone"]);

const follows = (before: MessageJson | undefined, message: MessageJson) =>
  Boolean(
    before &&
      before.user === message.user &&
      before.who === message.who &&
      !before.ephemeral &&
      !message.ephemeral &&
      !message.pinned &&
      !SYSTEM.has(before.subtype ?? "") &&
      Number(message.ts) - Number(before.ts) < FOLLOWS_SECONDS &&
      dayKey(before.ts) === dayKey(message.ts),
  );

/**
 * A conversation: drawn as far as it is on the screen, kept at its end while its reader is there.
 *
 * It opens at its target, or at its end; give it another key to have it open anew.
 */
export function MessageList(props: Props) {
  const { label, messages, statuses, more, loadOlder, openThread, target, readUpTo, questions, seen, empty } = props;
  const handle = useRef<VirtuosoHandle>(null);
  const scroller = useRef<HTMLElement | null>(null);
  const [begin] = useState(() => (target ? messages.findIndex((message) => message.ts === target) : -1));
  const atEnd = useRef(begin < 0);
  const top = useRef(0);
  const range = useRef<ListRange>({ startIndex: 0, endIndex: 0 });
  const [behind, setBehind] = useState(false);
  const me = useViewer();
  const firstIndex = useFirstIndex(messages);
  const last = messages.at(-1);
  useSettled(messages, scroller);

  const newest = useRef(last?.ts ?? "");
  useEffect(() => {
    if (!last) return;
    const isNew = last.ts > newest.current;
    newest.current = last.ts;
    if (atEnd.current) seen?.();
    // whoever wrote something wants to see it, and what only they are told
    else if (isNew && (last.user === me || last.ephemeral))
      handle.current?.scrollToIndex({ index: "LAST", align: "end" });
    else if (isNew) setBehind(true);
  }, [last, seen, me]);

  const newestDrawn = () => scroller.current?.querySelector(`[data-item-index="${firstIndex + messages.length - 1}"]`);

  /** Follow the end; of a newest message that would be pushed out over the top, stay at its beginning. */
  function stick() {
    requestAnimationFrame(() => {
      const box = scroller.current;
      const article = newestDrawn();
      if (!box || !atEnd.current || !messages.length) return;
      if (!article) {
        // several came at once under a tall one: the newest is too far below to have been drawn
        handle.current?.scrollToIndex({ index: "LAST", align: "end" });
      } else if (article.clientHeight > box.clientHeight * TALL) {
        box.scrollTop += article.getBoundingClientRect().top - box.getBoundingClientRect().top;
        top.current = box.scrollTop; // it is not the reader who goes up
      } else box.scrollTop = box.scrollHeight;
    });
  }

  const sticking = useRef(stick);
  sticking.current = stick;
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => sticking.current());
    observer.observe(box);
    top.current = box.scrollTop;
    // what grows under a reader does not count as going away from the end: only going up does
    const leave = () => {
      const below = box.scrollHeight - box.scrollTop - box.clientHeight;
      if (box.scrollTop < top.current && below > NEAR_END_PX) atEnd.current = false;
      top.current = box.scrollTop;
    };
    box.addEventListener("scroll", leave, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", leave);
    };
  }, []);

  const context = useMemo(() => ({ more, empty }), [more, empty]);
  return (
    <>
      <Virtuoso
        ref={handle}
        className="log"
        role="log"
        aria-label={label}
        aria-live="off"
        tabIndex={0}
        data={messages}
        context={context}
        firstItemIndex={firstIndex}
        initialTopMostItemIndex={begin >= 0 ? { index: begin, align: "start" } : { index: "LAST", align: "end" }}
        atBottomThreshold={NEAR_END_PX}
        increaseViewportBy={400}
        computeItemKey={(_, message) => `${message.channel}:${message.ts}`}
        scrollerRef={(node) => {
          scroller.current = node as HTMLElement | null;
        }}
        rangeChanged={(seen) => {
          range.current = seen;
        }}
        startReached={() => more && loadOlder?.()}
        followOutput={() => (atEnd.current ? "auto" : false)}
        totalListHeightChanged={stick}
        atBottomStateChange={(bottom) => {
          // a list that has drawn nothing yet is at its end, too
          if (!bottom || !newestDrawn()) return;
          atEnd.current = true;
          setBehind(false);
          seen?.();
        }}
        onKeyDown={(event) => moveFocus(event, scroller.current)}
        components={{ Header, EmptyPlaceholder: Empty }}
        itemContent={(index, message) => {
          const before = messages[index - firstIndex - 1];
          const newDay = !before || dayKey(before.ts) !== dayKey(message.ts);
          const firstNew = readUpTo !== null && message.ts > readUpTo && before && before.ts <= readUpTo;
          return (
            <div className={before ? "" : "first"}>
              {newDay ? <h2 className="day">{dayName(message.ts)}</h2> : null}
              {firstNew ? <h2 className="day new">New</h2> : null}
              <Message
                message={message}
                follows={!newDay && !firstNew && follows(before, message)}
                target={message.ts === target}
                openThread={openThread}
                questions={before ? null : questions}
              />
              {statuses
                .filter((status) => status.thread_ts === message.ts)
                .map((status) => (
                  <StatusLine key={status.app_id} status={status} />
                ))}
            </div>
          );
        }}
      />
      {behind ? (
        <button
          type="button"
          className="newer"
          onClick={() => handle.current?.scrollToIndex({ index: "LAST", align: "end" })}
        >
          New messages ↓
        </button>
      ) : null}
    </>
  );
}

interface Context {
  more: boolean;
  empty: string;
}
const Header = ({ context }: { context?: Context }) =>
  context?.more ? <p className="empty">Loading older messages…</p> : null;
const Empty = ({ context }: { context?: Context }) => <p className="empty">{context?.empty}</p>;

/** The list counts from a number that falls as older messages come in, so that they push nothing down. */
function useFirstIndex(messages: MessageJson[]): number {
  const index = useRef(START);
  const first = useRef<string | undefined>(undefined);
  const now = messages[0]?.ts;
  if (first.current !== now) {
    const added = messages.findIndex((message) => message.ts === first.current);
    if (first.current && added > 0) index.current -= added;
    first.current = now;
  }
  return index.current;
}
