import { expect, test } from "vitest";
import type { Message } from "../api/types";
import { type Log, NO_LOGS, older, patched, put } from "./logs";

const message = (ts: string, more: Partial<Message> = {}): Message => ({
  ts,
  channel: "C1",
  thread_ts: null,
  user: "U1",
  who: "ann",
  app_id: null,
  text: ts,
  raw_text: ts,
  blocks: [],
  ephemeral: false,
  ...more,
});
const log = (...stamps: string[]): Log => ({ messages: stamps.map((ts) => message(ts)), more: false, pins: [] });
const stamps = (of?: Log) => of?.messages.map((one) => one.ts);

test("a message takes its place by its ts, and replaces its older state", () => {
  expect(stamps(put(log("1", "3"), message("2")))).toEqual(["1", "2", "3"]);
  expect(stamps(put(log("1", "3"), message("0")))).toEqual(["0", "1", "3"]);
  const changed = put(log("1", "2"), message("2", { text: "new" }));
  expect(stamps(changed)).toEqual(["1", "2"]);
  expect(changed.messages[1]?.text).toBe("new");
});

test("what is older than the loaded part waits until that part is loaded", () => {
  const part = { ...log("5", "6"), more: true };
  expect(put(part, message("4"))).toBe(part);
  expect(stamps(older(part, { messages: [message("4"), message("5")], more: false }))).toEqual(["4", "5", "6"]);
});

test("a reply goes to its thread, and to the channel only when it is sent there too", () => {
  const logs = { channels: { C1: log("1") }, threads: { "C1:1": log("1"), "C1:9": log("9"), "C2:1": log("1") } };
  const next = patched(logs, {
    messages: [message("2", { thread_ts: "1" }), message("3", { thread_ts: "1", broadcast: true })],
  });
  expect(stamps(next.channels.C1)).toEqual(["1", "3"]);
  expect(stamps(next.threads["C1:1"])).toEqual(["1", "2", "3"]);
  expect(next.threads["C1:9"]).toBe(logs.threads["C1:9"]);
  expect(next.threads["C2:1"]).toBe(logs.threads["C2:1"]);
});

test("pins come and go with their messages, those in threads too", () => {
  const pinned = (ts: string, more: Partial<Message> = {}) => message(ts, { pinned: true, ...more });
  let logs = patched({ channels: { C1: log("1", "2") }, threads: {} }, { messages: [pinned("1")] });
  logs = patched(logs, { messages: [pinned("9", { thread_ts: "1" })] });
  expect(logs.channels.C1?.pins.map((pin) => pin.ts)).toEqual(["9", "1"]);
  expect(stamps(logs.channels.C1)).toEqual(["1", "2"]);
  logs = patched(logs, { messages: [message("1", { pinned: false })] });
  expect(logs.channels.C1?.pins.map((pin) => pin.ts)).toEqual(["9"]);
  expect(patched(logs, { gone: [["C1", "9"]] }).channels.C1?.pins).toEqual([]);
});

test("what is gone is gone everywhere, and nothing else changes", () => {
  const logs = { channels: { C1: log("1", "2"), C2: log("2") }, threads: { "C1:1": log("1", "2") } };
  const next = patched(logs, { gone: [["C1", "2"]] });
  expect(stamps(next.channels.C1)).toEqual(["1"]);
  expect(stamps(next.threads["C1:1"])).toEqual(["1"]);
  expect(next.channels.C2).toBe(logs.channels.C2);
  expect(patched(NO_LOGS, { state: undefined })).toBe(NO_LOGS);
});
