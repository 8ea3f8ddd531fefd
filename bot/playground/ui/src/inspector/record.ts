// The record as the table shows it: what came in, what is left out, and in which words. Pure.
import type { Entry, Told } from "./shapes";

export interface Record {
  run: string;
  entries: Entry[];
}

export const EMPTY: Record = { run: "", entries: [] };

/** Take in what the server tells: new entries, and those that are known and closed now. */
export function told(record: Record, news: Told): Record {
  if (news.all || news.run !== record.run) return { run: news.run, entries: news.entries };
  const entries = record.entries.filter((entry) => entry.seq >= news.oldest);
  const places = new Map(entries.map((entry, place) => [entry.seq, place]));
  for (const entry of news.entries) {
    const place = places.get(entry.seq);
    if (place === undefined) entries.push(entry);
    else entries[place] = entry;
  }
  return { run: news.run, entries: entries.sort((one, other) => one.seq - other.seq) };
}

export type Tone = "good" | "open" | "warn" | "bad";

const WORDS: { [outcome: string]: [Tone, string] } = {
  ok: ["good", "ok"],
  acked: ["good", "acked"],
  closed: ["good", "closed"],
  timeout: ["bad", "no ack"],
  http_timeout: ["bad", "no ack"],
  http_error: ["bad", "refused"],
  connection_failed: ["bad", "connection failed"],
  no_connection: ["bad", "not connected"],
  ratelimited: ["warn", "429"],
  server_error: ["bad", "500"],
};

/** What came of an entry, in words and in a tone that is never said by its colour alone. */
export function outcomeOf(entry: Entry): { tone: Tone; word: string } {
  if (entry.outcome === "open") {
    const word = entry.kind === "envelope" ? "waits for ack" : entry.kind === "connection" ? "open" : "at work";
    return { tone: entry.kind === "connection" ? "good" : "open", word };
  }
  const [tone, word] = WORDS[entry.outcome] ?? ["bad", entry.outcome];
  if (entry.outcome === "ratelimited" && entry.retry_after !== null) {
    return { tone, word: `${word}, wait ${entry.retry_after} s` };
  }
  return { tone, word };
}

/** Whether somebody who looks for what is wrong wants to see an entry. */
export function isProblem(entry: Entry): boolean {
  const { tone } = outcomeOf(entry);
  return tone === "bad" || tone === "warn" || entry.findings > 0 || entry.attempt > 0 || entry.fault !== "";
}

export const FAULT_WORDS: { [kind: string]: string } = {
  ratelimited: "429, rate limited",
  server_error: "500, server error",
  slow: "slow answer",
  drop_reply: "lost answer",
  error: "error code",
  drop_ack: "lost acknowledgement",
  expire_stream: "expired stream",
};

/** What else the table says of an entry, the shortest words that do. */
export function marksOf(entry: Entry): string[] {
  const marks: string[] = [];
  if (entry.attempt > 0) marks.push(`retry ${entry.attempt}`);
  if (entry.replay_of !== null) marks.push("replay");
  if (entry.fault) marks.push("ordered");
  if (entry.findings > 0) marks.push(entry.findings === 1 ? "1 finding" : `${entry.findings} findings`);
  return marks;
}

export interface Filter {
  /** Empty for every app. */
  app: string;
  kind: "" | "in" | "out" | "connection";
  /** Words, all of which stand in the name, the outcome, the scope or the person. */
  text: string;
  problems: boolean;
  /** Entries up to this one were cleared away. */
  after: number;
}

export const EVERYTHING: Filter = { app: "", kind: "", text: "", problems: false, after: 0 };

/** To an app, from an app, or about a connection. */
export function directionOf(entry: Entry): "in" | "out" | "connection" {
  if (entry.kind === "connection") return "connection";
  return entry.kind === "envelope" ? "in" : "out";
}

/** Return the entries that a filter leaves, `nameOf` giving the name of a person's id. */
export function filtered(entries: Entry[], filter: Filter, nameOf: (id: string) => string): Entry[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    if (entry.seq <= filter.after) return false;
    if (filter.app && entry.app_id !== filter.app) return false;
    if (filter.kind && directionOf(entry) !== filter.kind) return false;
    if (filter.problems && !isProblem(entry)) return false;
    if (!words.length) return true;
    const person = entry.user ? nameOf(entry.user) : "";
    const said = [entry.name, outcomeOf(entry).word, entry.outcome, entry.scope, person, ...marksOf(entry)];
    const text = said.join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The deliveries of one event, the first one first: what an entry is a retry of, and what are its retries. */
export function chainOf(entries: Entry[], entry: { seq: number; retry_of: number | null }): Entry[] {
  const known = new Map(entries.map((one) => [one.seq, one]));
  let first = entry;
  while (first.retry_of !== null && known.has(first.retry_of)) first = known.get(first.retry_of) as Entry;
  const chain: Entry[] = [];
  let next = known.get(first.seq);
  while (next) {
    chain.push(next);
    const { seq } = next;
    next = entries.find((one) => one.retry_of === seq);
  }
  return chain;
}

/** Milliseconds as people read them. */
export function duration(ms: number | null): string {
  if (ms === null) return "";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Bytes as people read them. */
export function bytes(size: number): string {
  return size < 1000 ? `${size} B` : size < 1e6 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

/** The time of day, to the millisecond. */
export function clock(at: number): string {
  const date = new Date(at * 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
