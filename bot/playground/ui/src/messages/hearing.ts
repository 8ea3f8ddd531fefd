import type { Message } from "../api/types";
import { threadKey } from "../state/logs";
import { announce } from "../state/store";

const LONGEST_SAID = 300;
/** For how long after it was said a message is listened to: whoever heard it wants to hear what became of it. */
const AGAIN_MS = 60_000;
/** How long a message must rest before it is said: apps change some many times in a row. */
const QUIET_MS = 1000;

interface Told {
  /** What was said of it; null when nothing was yet. */
  said: string | null;
  at: number;
  /** What is going to be said of it. */
  next: string | null;
  timer?: ReturnType<typeof setTimeout>;
}

/** By channel:ts, for all lists together: the same message can be in a channel and in a thread. */
const told = new Map<string, Told>();

const wordsOf = (message: Message) => message.text.slice(0, LONGEST_SAID).trim();

function latelyOf(message: Message): Told | undefined {
  const since = Date.now() - AGAIN_MS;
  for (const [key, one] of told) if (one.next === null && one.at < since) told.delete(key);
  return told.get(threadKey(message.channel, message.ts));
}

/** Whether a message was said a short while ago. */
export const wasTold = (message: Message) => latelyOf(message) !== undefined;

/**
 * Have a screen reader say a message, unless this was the last that it said of it.
 *
 * @param author is said before it; null leaves it out
 */
export function tell(message: Message, author: string | null): void {
  const words = wordsOf(message);
  const lately = latelyOf(message);
  clearTimeout(lately?.timer);
  told.set(threadKey(message.channel, message.ts), { said: words, at: Date.now(), next: null });
  if (words && lately?.said !== words) announce(author ? `${author}: ${words}` : words);
}

/** The same, when it has not changed for a while. */
export function tellAtRest(message: Message, author: string | null): void {
  const words = wordsOf(message);
  const lately = latelyOf(message);
  if (lately?.next === words) return;
  clearTimeout(lately?.timer);
  told.set(threadKey(message.channel, message.ts), {
    said: lately?.said ?? null,
    at: lately?.at ?? Date.now(),
    next: words,
    timer: setTimeout(() => tell(message, author), QUIET_MS),
  });
}
