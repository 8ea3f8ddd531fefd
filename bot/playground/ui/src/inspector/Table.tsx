import { useEffect, useRef } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { clock, directionOf, duration, marksOf, outcomeOf } from "./record";
import type { Entry } from "./shapes";

const SIGNS = { in: "→", out: "←", connection: "⇄" };
const SAID = { in: "to the app", out: "from the app", connection: "connection" };
const rowId = (seq: number) => `traffic-${seq}`;

interface Props {
  entries: Entry[];
  /** Names of apps by id; empty when there is but one. */
  apps: Map<string, string>;
  active: number | null;
  follow: boolean;
  /** Whether it is on the screen. */
  visible: boolean;
  empty: string;
  setFollow: (follow: boolean) => void;
  /** Move to an entry. */
  move: (seq: number) => void;
  /** Open an entry. */
  open: (seq: number) => void;
}

/** The record, one line each, the newest at the bottom. */
export function Table({ entries, apps, active, follow, visible, empty, setFollow, move, open }: Props) {
  const handle = useRef<VirtuosoHandle>(null);
  const place = entries.findIndex((entry) => entry.seq === active);

  useEffect(() => {
    // what is hidden has no height: it is drawn in the next frame
    if (follow && visible) {
      requestAnimationFrame(() => handle.current?.scrollToIndex({ index: "LAST", align: "end" }));
    }
  }, [follow, visible]);

  function go(to: number) {
    const next = entries[Math.max(0, Math.min(entries.length - 1, to))];
    if (!next) return;
    const index = entries.indexOf(next);
    setFollow(index === entries.length - 1);
    move(next.seq);
    handle.current?.scrollIntoView({ index });
  }

  function pressed(event: React.KeyboardEvent) {
    const here = place < 0 ? entries.length : place;
    const steps: { [key: string]: number } = {
      ArrowUp: here - 1,
      ArrowDown: place < 0 ? entries.length - 1 : here + 1,
      PageUp: here - 10,
      PageDown: here + 10,
      Home: 0,
      End: entries.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      go(to);
    } else if (event.key === "Enter" && active !== null) {
      event.preventDefault();
      open(active);
    }
  }

  return (
    <div
      className="traffic"
      role="listbox"
      aria-label="Envelopes and calls"
      aria-activedescendant={place < 0 ? undefined : rowId(active as number)}
      tabIndex={0}
      onKeyDown={pressed}
      onWheel={(event) => event.deltaY < 0 && setFollow(false)}
    >
      <Virtuoso
        ref={handle}
        tabIndex={-1}
        data={entries}
        initialTopMostItemIndex={{ index: "LAST", align: "end" }}
        followOutput={() => (follow ? "auto" : false)}
        atBottomStateChange={(bottom) => bottom && setFollow(true)}
        computeItemKey={(_, entry) => entry.seq}
        context={empty}
        components={{ EmptyPlaceholder: Empty }}
        itemContent={(_, entry) => (
          <Row entry={entry} app={apps.get(entry.app_id)} active={entry.seq === active} open={open} />
        )}
      />
    </div>
  );
}

const Empty = ({ context }: { context?: string }) => <p className="empty">{context}</p>;

interface RowProps {
  entry: Entry;
  app: string | undefined;
  active: boolean;
  open: (seq: number) => void;
}

function Row({ entry, app, active, open }: RowProps) {
  const direction = directionOf(entry);
  const { tone, word } = outcomeOf(entry);
  const marks = marksOf(entry);
  const [time, fraction] = clock(entry.at).split(".");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys, as a listbox does
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its active option
    <div
      role="option"
      id={rowId(entry.seq)}
      aria-selected={active}
      className={`traffic-row ${direction}`}
      onClick={() => open(entry.seq)}
    >
      <time>
        {time}
        <span className="fraction">.{fraction}</span>
      </time>
      <span className="direction" aria-hidden="true">
        {SIGNS[direction]}
      </span>
      <span className="unseen">{SAID[direction]}</span>
      <span className="name" title={entry.name}>
        {entry.name}
        {app ? <small> {app}</small> : null}
      </span>
      <span className="notes">
        {marks.map((mark) => (
          <span key={mark} className="told" title={mark}>
            {mark.endsWith("finding") || mark.endsWith("findings") ? (
              <>
                ⚠ {mark.split(" ")[0]}
                <span className="unseen"> {mark.split(" ")[1]}</span>
              </>
            ) : (
              mark
            )}
          </span>
        ))}
      </span>
      <span className={`tone ${tone}`}>{word}</span>
      <span className="ms">{duration(entry.ms)}</span>
    </div>
  );
}
