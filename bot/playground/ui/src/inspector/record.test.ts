import { expect, test } from "vitest";
import { chainOf, duration, EMPTY, EVERYTHING, filtered, isProblem, marksOf, outcomeOf, told } from "./record";
import type { Entry } from "./shapes";

const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  seq,
  at: seq,
  kind: "call",
  app_id: "A1",
  name: "chat.postMessage",
  outcome: "ok",
  ms: 3,
  attempt: 0,
  findings: 0,
  scope: "chat:write",
  id: "",
  envelope: "",
  door: "",
  user: "",
  reason: "",
  retry_of: null,
  replay_of: null,
  fault: "",
  status: 200,
  retry_after: null,
  size: 10,
  ...more,
});
const seqs = (entries: Entry[]) => entries.map((one) => one.seq);
const nameOf = (id: string) => (id === "U1" ? "Ann" : id);

test("news open entries, close known ones, and forget what the server forgot", () => {
  const first = told(EMPTY, { run: "r", oldest: 1, all: true, entries: [entry(1), entry(2, { outcome: "open" })] });
  const next = told(first, { run: "r", oldest: 2, all: false, entries: [entry(4), entry(3), entry(2)] });

  expect(seqs(next.entries)).toEqual([2, 3, 4]);
  expect(next.entries[0]?.outcome).toBe("ok");
});

test("a server that was started anew begins anew", () => {
  const first = told(EMPTY, { run: "r", oldest: 1, all: true, entries: [entry(1), entry(2)] });

  expect(seqs(told(first, { run: "s", oldest: 1, all: true, entries: [entry(1)] }).entries)).toEqual([1]);
});

test.each([
  [entry(1), "good", "ok"],
  [entry(1, { outcome: "open" }), "open", "at work"],
  [entry(1, { kind: "envelope", outcome: "open" }), "open", "waits for ack"],
  [entry(1, { kind: "envelope", outcome: "acked" }), "good", "acked"],
  [entry(1, { kind: "envelope", outcome: "timeout" }), "bad", "no ack"],
  [entry(1, { outcome: "ratelimited", retry_after: 7 }), "warn", "429, wait 7 s"],
  [entry(1, { outcome: "invalid_blocks" }), "bad", "invalid_blocks"],
  [entry(1, { kind: "connection", outcome: "open" }), "good", "open"],
])("an outcome has a word and a tone", (one, tone, word) => {
  expect(outcomeOf(one)).toEqual({ tone, word });
});

test("problems are what failed, what came twice, what was ordered and what has findings", () => {
  const fine = [entry(1), entry(2, { outcome: "open" })];
  const ill = [
    entry(3, { outcome: "channel_not_found" }),
    entry(4, { attempt: 1 }),
    entry(5, { fault: "slow" }),
    entry(6, { findings: 2 }),
  ];

  expect(fine.filter(isProblem)).toEqual([]);
  expect(ill.filter(isProblem)).toEqual(ill);
  expect(marksOf(entry(7, { attempt: 2, fault: "drop_ack", findings: 1, replay_of: 3 }))).toEqual([
    "retry 2",
    "replay",
    "ordered",
    "1 finding",
  ]);
});

test("filters leave what fits all of them", () => {
  const entries = [
    entry(1),
    entry(2, { kind: "envelope", name: "app_mention", user: "U1", outcome: "acked" }),
    entry(3, { app_id: "A2", outcome: "not_in_channel" }),
    entry(4, { kind: "connection", name: "open", outcome: "open" }),
  ];
  const left = (filter: object) => seqs(filtered(entries, { ...EVERYTHING, ...filter }, nameOf));

  expect(left({})).toEqual([1, 2, 3, 4]);
  expect(left({ app: "A2" })).toEqual([3]);
  expect(left({ kind: "in" })).toEqual([2]);
  expect(left({ kind: "connection" })).toEqual([4]);
  expect(left({ problems: true })).toEqual([3]);
  expect(left({ text: "ANN mention" })).toEqual([2]);
  expect(left({ text: "write not_in" })).toEqual([3]);
  expect(left({ after: 2 })).toEqual([3, 4]);
});

test("all deliveries of an event are linked, from whichever is looked at", () => {
  const entries = [entry(1), entry(2), entry(3, { retry_of: 1 }), entry(5, { retry_of: 3 })];

  for (const at of [0, 2, 3]) expect(seqs(chainOf(entries, entries[at] as Entry))).toEqual([1, 3, 5]);
  expect(seqs(chainOf(entries, entry(2)))).toEqual([2]);
  expect(seqs(chainOf(entries, entry(9, { retry_of: 4 })))).toEqual([]);
});

test("durations are read at a glance", () => {
  expect([null, 0.42, 12.6, 3004].map(duration)).toEqual(["", "0.4 ms", "13 ms", "3.0 s"]);
});
