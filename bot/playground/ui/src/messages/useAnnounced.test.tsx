import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Message } from "../api/types";
import { useStore } from "../state/store";
import { withWorkspace } from "../testing/page";
import { clicked } from "./clicks";
import { useAnnounced } from "./useAnnounced";

withWorkspace();

const OPENED = 1_700_000_000;
let said: string[] = [];
let day = 0;
let end = () => {};
beforeEach(() => {
  day += 1; // what was said in another test is forgotten
  vi.useFakeTimers({ now: (OPENED + day * 86_400) * 1000 });
  said = [];
  end = useStore.subscribe((now, before) => {
    if (now.said.length > before.said.length) said.push(now.said.at(-1)?.text ?? "");
  });
});
afterEach(() => {
  end();
  vi.runAllTimers();
  vi.useRealTimers();
});

/** A message of the bot, so many seconds after the list was opened. */
const message = (after: number, text: string, more: Partial<Message> = {}): Message => ({
  ts: `${OPENED + day * 86_400 + after}.000100`,
  channel: "C1",
  thread_ts: null,
  user: "U3",
  who: "Bot",
  app_id: "A1",
  text,
  raw_text: text,
  blocks: [],
  ephemeral: false,
  ...more,
});
const list = () =>
  renderHook(({ messages }: { messages: Message[] | undefined }) => useAnnounced(messages, "U1"), {
    initialProps: { messages: undefined as Message[] | undefined },
  });
const rest = () => vi.advanceTimersByTime(1000);

test("what was there before is not said, what is written since is, even while it loads; one's own is not", () => {
  const { rerender } = list();
  const [old, early] = [message(-5, "old"), message(1, "early")];
  rerender({ messages: [old, early] });
  expect(said).toEqual(["Bot: early"]);
  const since = [early, message(2, "new"), message(3, "mine", { user: "U1", app_id: null })];
  rerender({ messages: [old, ...since] });
  rerender({ messages: [message(-9, "older"), old, ...since] });
  expect(said).toEqual(["Bot: early", "Bot: new"]);
});

test("what grows is said once, when it is all there, also when it is made anew at its end", () => {
  const { rerender } = list();
  const growing = { streaming: true };
  for (const text of ["The", "The sky", "The sky is"]) {
    rerender({ messages: [message(1, text, growing)] });
    rest();
  }
  rerender({ messages: [message(1, "The sky is blue", growing), message(2, "meanwhile")] });
  expect(said).toEqual(["Bot: meanwhile"]);
  rerender({ messages: [message(1, "The sky is blue."), message(2, "meanwhile")] });
  vi.advanceTimersByTime(500);
  rerender({ messages: [message(1, "The sky is blue. (end)"), message(2, "meanwhile")] });
  rest();
  rest();
  expect(said).toEqual(["Bot: meanwhile", "Bot: The sky is blue. (end)"]);
});

test("what an app makes of a message that was said is said, without a flood and for a minute", () => {
  const { rerender } = list();
  rerender({ messages: [message(-5, "greeting"), message(1, "Thinking…")] });
  for (const text of ["A", "A s", "A soup"]) {
    rerender({ messages: [message(-5, "greeting, changed"), message(1, text)] });
    vi.advanceTimersByTime(400);
  }
  rest();
  expect(said).toEqual(["Bot: Thinking…", "Bot: A soup"]);
  vi.advanceTimersByTime(61_000);
  rerender({ messages: [message(-5, "greeting"), message(1, "A stew")] });
  rest();
  expect(said).toHaveLength(2);
});

test("what is in the channel and in its thread is said once", () => {
  const [channel, thread] = [list(), list()];
  const show = (one: Message) => {
    channel.rerender({ messages: [one] });
    thread.rerender({ messages: [one] });
  };
  show(message(1, "to both", { broadcast: true }));
  show(message(1, "to both, changed", { broadcast: true }));
  rest();
  clicked("C1", message(1, "").ts);
  show(message(1, "to both, clicked", { broadcast: true }));
  rest();
  expect(said).toEqual(["Bot: to both", "Bot: to both, changed", "to both, clicked"]);
});
