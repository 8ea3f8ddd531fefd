import { useEffect, useMemo, useRef, useState } from "react";
import { control } from "../api/control";
import { nameOf, useApps, useUsers } from "../state/select";
import { showInspector, toast } from "../state/store";
import { Details } from "./Details";
import { Faults } from "./Faults";
import { EVERYTHING, type Filter, filtered, isProblem } from "./record";
import "./inspector.css";
import { Resizer } from "./Resizer";
import type { Entry } from "./shapes";
import { Table } from "./Table";
import { useRecord } from "./watch";

const LOOK_MS = 400;

async function exportScript() {
  try {
    const { yaml, acts } = await control<{ yaml: string; acts: number }>("script");
    if (!acts) {
      toast("Nobody has done anything yet: there is nothing to export.");
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([yaml], { type: "application/yaml" }));
    link.download = "local-slack.yaml";
    link.click();
    URL.revokeObjectURL(link.href);
    toast(`${acts === 1 ? "1 act" : `${acts} acts`} exported: kostprobe play --script local-slack.yaml`);
  } catch (error) {
    toast(`That did not work: ${(error as Error).message}`);
  }
}

function leave() {
  showInspector(false);
  document.getElementById("inspect")?.focus();
}

/** What crosses the wire between the local Slack and its apps, beside the page. */
export default function Inspector() {
  const [tab, setTab] = useState<"traffic" | "faults">("traffic");
  const record = useRecord();
  const panel = useRef<HTMLElement>(null);
  const changed = useSlowly(record.entries, LOOK_MS);

  useEffect(() => {
    panel.current?.querySelector<HTMLElement>("[role=listbox]")?.focus({ preventScroll: true });
  }, []);

  return (
    <aside
      ref={panel}
      className="inspector"
      aria-label="Inspector"
      onKeyDown={(event) => {
        const filled = event.target instanceof HTMLInputElement && event.target.type === "search" && event.target.value;
        if (event.key !== "Escape" || filled) return;
        event.stopPropagation();
        leave();
      }}
    >
      <Resizer />
      <header className="bar">
        <div className="grow">
          <h2>Inspector</h2>
        </div>
        <button
          type="button"
          className="btn"
          title="What people did and what apps answered, for kostprobe play --script"
          onClick={() => void exportScript()}
        >
          Export script
        </button>
        <button
          type="button"
          className="icon"
          aria-label="Close the inspector"
          title="Close the inspector (Alt+I)"
          onClick={leave}
        >
          ✕
        </button>
      </header>
      <div className="tabs" role="tablist" aria-label="Inspector">
        {(["traffic", "faults"] as const).map((name) => (
          <button key={name} type="button" role="tab" aria-selected={tab === name} onClick={() => setTab(name)}>
            {name === "traffic" ? "Traffic" : "Faults"}
          </button>
        ))}
      </div>
      <div className="inspector-body" hidden={tab !== "traffic"}>
        <Traffic entries={record.entries} visible={tab === "traffic"} />
      </div>
      {tab === "faults" ? <Faults changed={changed} /> : null}
    </aside>
  );
}

/** A number that grows when a value changes, but not more often than told. */
function useSlowly(value: unknown, ms: number): number {
  const [count, setCount] = useState(0);
  const pending = useRef<ReturnType<typeof setTimeout> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the value changes
  useEffect(() => {
    pending.current ??= setTimeout(() => {
      pending.current = null;
      setCount((now) => now + 1);
    }, ms);
  }, [value, ms]);
  useEffect(() => () => clearTimeout(pending.current ?? undefined), []);
  return count;
}

function Traffic({ entries, visible }: { entries: Entry[]; visible: boolean }) {
  const users = useUsers();
  const apps = useApps();
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [active, setActive] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const [follow, setFollow] = useState(true);
  const body = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => filtered(entries, filter, (id) => nameOf(users, id)), [entries, filter, users]);
  const names = useMemo(() => new Map(apps.length > 1 ? apps.map((app) => [app.id, app.name]) : []), [apps]);
  const entry = opened === null ? undefined : entries.find((one) => one.seq === opened);
  const problems = useMemo(
    () => entries.filter((one) => one.seq > filter.after && isProblem(one)).length,
    [entries, filter.after],
  );
  const change = (more: Partial<Filter>) => setFilter((now) => ({ ...now, ...more }));

  function open(seq: number) {
    setActive(seq);
    setOpened(seq);
    if (seq !== entries.at(-1)?.seq) setFollow(false);
  }

  function close() {
    setOpened(null);
    // where it is narrow, the table is not there before the entry is gone
    requestAnimationFrame(() =>
      body.current?.querySelector<HTMLElement>("[role=listbox]")?.focus({ preventScroll: true }),
    );
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is taken from what is in it
    <div
      ref={body}
      className={`traffic-pane ${entry ? "with-entry" : ""}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || opened === null) return;
        event.stopPropagation();
        close();
      }}
    >
      <search className="filters" aria-label="Filter">
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter by words"
          title="Words in the name, the person, the outcome or the scope"
          value={filter.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        <select
          aria-label="Direction"
          value={filter.kind}
          onChange={(event) => change({ kind: event.target.value as Filter["kind"] })}
        >
          <option value="">all</option>
          <option value="in">→ to app</option>
          <option value="out">← from app</option>
          <option value="connection">⇄ sockets</option>
        </select>
        {apps.length > 1 ? (
          <select aria-label="App" value={filter.app} onChange={(event) => change({ app: event.target.value })}>
            <option value="">all apps</option>
            {apps.map((app) => (
              <option key={app.id} value={app.id}>
                {app.name}
              </option>
            ))}
          </select>
        ) : null}
        <button
          type="button"
          className="toggle"
          aria-pressed={filter.problems}
          onClick={() => change({ problems: !filter.problems })}
        >
          Only problems{problems ? ` (${problems})` : ""}
        </button>
        <button type="button" className="toggle" aria-pressed={follow} onClick={() => setFollow(!follow)}>
          Follow
        </button>
        <button
          type="button"
          className="toggle"
          onClick={() => {
            change({ after: entries.at(-1)?.seq ?? 0 });
            setOpened(null);
          }}
        >
          Clear
        </button>
      </search>
      <Table
        entries={shown}
        apps={names}
        active={active}
        follow={follow}
        visible={visible}
        empty={entries.length ? "Nothing fits this filter." : "Nothing has crossed the wire yet."}
        setFollow={setFollow}
        move={(seq) => {
          setActive(seq);
          if (opened !== null) setOpened(seq);
        }}
        open={open}
      />
      {entry ? <Details entry={entry} entries={entries} select={open} close={close} /> : null}
    </div>
  );
}
