import { useEffect, useMemo, useRef, useState } from "react";
import { control } from "../api/control";
import { nameOf, useApps, useUsers } from "../state/select";
import { toast } from "../state/store";
import { curlOf } from "./curl";
import { Json, type Notes } from "./Json";
import { type Finding, keyOf, readFinding, unfolded } from "./pointer";
import { bytes, chainOf, clock, duration, FAULT_WORDS, outcomeOf } from "./record";
import type { Detail, Entry } from "./shapes";

async function copy(text: string, what: string) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} is on the clipboard.`);
  } catch {
    toast("The browser does not let this page write to the clipboard.");
  }
}

async function replay(entry: Detail, fresh: boolean, select: (seq: number) => void) {
  try {
    const sent = await control<{ seq: number | null }>("replay", { seq: entry.seq, fresh });
    if (sent.seq === null) toast("The app is not connected: the event waits for it.");
    else select(sent.seq);
  } catch (error) {
    toast(`That did not work: ${(error as Error).message}`);
  }
}

function notesOf(findings: Finding[]): Notes {
  const notes: Notes = { at: new Map(), above: new Set() };
  for (const { sentence, path } of findings) {
    if (path === null) continue;
    notes.at.set(keyOf(path), [...(notes.at.get(keyOf(path)) ?? []), sentence]);
    for (let length = 0; length <= path.length; length += 1) notes.above.add(keyOf(path.slice(0, length)));
  }
  return notes;
}

interface Props {
  entry: Entry;
  entries: Entry[];
  select: (seq: number) => void;
  close: () => void;
}

/** One entry of the record, whole. */
export function Details({ entry, entries, select, close }: Props) {
  const [found, setFound] = useState<Detail | "gone" | null>(null);
  const { seq, outcome } = entry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when something came of it
  useEffect(() => {
    let wanted = true;
    control<Detail>("entry", { seq }).then(
      (detail) => wanted && setFound(detail),
      () => wanted && setFound("gone"),
    );
    return () => {
      wanted = false;
    };
  }, [seq, outcome]);
  const detail = found !== null && found !== "gone" && found.seq === seq ? found : null;
  return (
    <section className="entry" aria-label={`Entry ${seq}`}>
      <header>
        <button type="button" className="icon" aria-label="Back to the table" title="Close (Esc)" onClick={close}>
          ✕
        </button>
        <h3 title={entry.name}>{entry.name}</h3>
        <small>#{seq}</small>
      </header>
      <div className="entry-body">
        <Facts entry={entry} entries={entries} select={select} />
        {found === "gone" ? <p className="soft">What it held is forgotten.</p> : null}
        {detail ? <Contents detail={detail} select={select} /> : null}
      </div>
    </section>
  );
}

function Facts({ entry, entries, select }: Omit<Props, "close">) {
  const users = useUsers();
  const apps = useApps();
  const { tone, word } = outcomeOf(entry);
  const chain = chainOf(entries, entry);
  const app = apps.find((one) => one.id === entry.app_id)?.name ?? entry.app_id;
  const isEnvelope = entry.kind === "envelope";
  const door = { socket: ", by socket", http: ", by HTTP", "": "" }[entry.door];
  const facts: [string, React.ReactNode][] = [
    [
      "Outcome",
      <span key="tone" className={`tone ${tone}`}>
        {word}
      </span>,
    ],
    [isEnvelope ? "Acknowledged in" : "Answered in", duration(entry.ms)],
    [isEnvelope ? "To" : "By", app && `${app}${door}`],
    ["Person", entry.user && nameOf(users, entry.user)],
    ["At", clock(entry.at)],
    ["Size", entry.size > 0 && bytes(entry.size)],
    ["Scope needed", entry.scope],
    ["HTTP status", entry.status > 0 && entry.status],
    ["Ordered fault", FAULT_WORDS[entry.fault] ?? entry.fault],
    ["Sent again", entry.reason && `after ${entry.reason}`],
    ["Replay of", entry.replay_of !== null && <Link seq={entry.replay_of} entries={entries} select={select} />],
    [
      "Deliveries",
      chain.length > 1 && (
        <span className="chain">
          {chain.map((one) =>
            one.seq === entry.seq ? (
              <b key={one.seq}>#{one.seq}</b>
            ) : (
              <Link key={one.seq} seq={one.seq} entries={entries} select={select} />
            ),
          )}
        </span>
      ),
    ],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Link({ seq, entries, select }: { seq: number; entries: Entry[]; select: (seq: number) => void }) {
  if (!entries.some((one) => one.seq === seq)) return <span>#{seq} (forgotten)</span>;
  return (
    <button type="button" className="quiet" onClick={() => select(seq)}>
      #{seq}
    </button>
  );
}

function Contents({ detail, select }: { detail: Detail; select: (seq: number) => void }) {
  const body = useRef<HTMLDivElement>(null);
  const request = useMemo(() => unfolded(detail.request), [detail]);
  const findings = useMemo(() => detail.findings.map((text) => readFinding(text, request)), [detail, request]);
  const notes = useMemo(() => notesOf(findings), [findings]);
  function show(path: string[]) {
    const place = body.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(keyOf(path))}"]`);
    place?.scrollIntoView({ block: "center" });
    place?.classList.remove("flash");
    requestAnimationFrame(() => place?.classList.add("flash"));
  }
  return (
    <div ref={body}>
      <div className="entry-acts">
        {detail.kind === "envelope" ? (
          <button
            type="button"
            className="btn"
            title="Send it to the app again, as it was: an app that looks at event_id takes it once"
            onClick={() => void replay(detail, false, select)}
          >
            Replay
          </button>
        ) : null}
        {detail.envelope === "events_api" ? (
          <button
            type="button"
            className="btn"
            title="Send it as news: with a new event_id, and a copy of the message in the channel"
            onClick={() => void replay(detail, true, select)}
          >
            Replay as new
          </button>
        ) : null}
        <button type="button" className="btn" onClick={() => void copy(JSON.stringify(detail, null, 2), "The entry")}>
          Copy as JSON
        </button>
        {detail.kind === "call" ? (
          <button
            type="button"
            className="btn"
            onClick={() => void copy(curlOf(detail, location.origin), "The command")}
          >
            Copy as curl
          </button>
        ) : null}
      </div>
      {findings.length ? (
        <section className="findings" aria-label="Findings">
          <h4>{findings.length === 1 ? "1 finding" : `${findings.length} findings`}</h4>
          <ul>
            {findings.map(({ sentence, path }) => (
              <li key={`${sentence}${path}`}>
                {sentence}{" "}
                {path ? (
                  <button type="button" className="quiet" onClick={() => show(path)}>
                    {keyOf(path) || "show"}
                  </button>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <h4>{detail.kind === "envelope" ? "Sent" : "Arguments"}</h4>
      <div className="json">
        <Json key={detail.seq} value={request} notes={notes} />
      </div>
      {detail.response === null ? null : (
        <>
          <h4>Answer</h4>
          <div className="json">
            <Json key={`${detail.seq}${detail.outcome}`} value={detail.response} />
          </div>
        </>
      )}
    </div>
  );
}
