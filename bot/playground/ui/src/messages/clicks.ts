import { threadKey } from "../state/logs";

// The last click on each message: a key pressed meanwhile is likely meant for what comes next, and what the click
// brings about is shown even when it changes the message out of sight.
const clicks = new Map<string, number>();
/** Messages that said something else before the app had taken the click. */
const changed = new Set<string>();
let last: string | null = null;

/** Remember that an element of a message was clicked; it is under way until `settledClick`. */
export function clicked(channel: string, ts: string): void {
  last = threadKey(channel, ts);
  clicks.set(last, Number.POSITIVE_INFINITY);
  changed.delete(last);
}

/** Remember that the app took the click. */
export function settledClick(channel: string, ts: string): void {
  const key = threadKey(channel, ts);
  if (changed.delete(key)) clicks.delete(key);
  else clicks.set(key, Date.now());
}

/** Forget the click on a message that says something else now: a key is meant for what stands there. */
export function answeredClick(channel: string, ts: string): void {
  const key = threadKey(channel, ts);
  if (clicks.get(key) === Number.POSITIVE_INFINITY) changed.add(key);
  else clicks.delete(key);
}

/** When the app took the last click on a message: infinite while it is under way, null when there was none. */
export const clickedAt = (channel: string, ts: string): number | null => clicks.get(threadKey(channel, ts)) ?? null;

/** Whether this message was the last one that somebody clicked on. */
export const wasClicked = (channel: string, ts: string): boolean => last === threadKey(channel, ts);
