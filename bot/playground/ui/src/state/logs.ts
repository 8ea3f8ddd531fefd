import type { Message, Patch } from "../api/types";

/** Messages that were loaded, oldest first; `more` when there are older ones. */
export interface Log {
  messages: Message[];
  more: boolean;
  /** What is pinned to the channel, the latest pin first; empty for threads. */
  pins: Message[];
}

/** Loaded channels by id, loaded threads by `channel:root`. */
export interface Logs {
  channels: Record<string, Log>;
  threads: Record<string, Log>;
}

export const NO_LOGS: Logs = { channels: {}, threads: {} };
export const threadKey = (channel: string, root: string) => `${channel}:${root}`;

const ofChannel = (message: Message) =>
  message.thread_ts === null || message.thread_ts === message.ts || Boolean(message.broadcast);
const inThread = (message: Message, root: string) => message.ts === root || message.thread_ts === root;

/** Put a message in its place, or in that of its older state; older than what is loaded, it is left out. */
export function put(log: Log, message: Message): Log {
  const { messages } = log;
  let at = messages.length;
  while (at > 0 && (messages[at - 1] as Message).ts > message.ts) at -= 1;
  const known = at > 0 && messages[at - 1]?.ts === message.ts;
  if (!known && at === 0 && log.more) return log;
  const from = known ? at - 1 : at;
  return { ...log, messages: [...messages.slice(0, from), message, ...messages.slice(at)] };
}

/** The pins after a message looks different now. */
function repinned(pins: Message[], message: Message): Message[] {
  const at = pins.findIndex((pin) => pin.ts === message.ts);
  if (at < 0) return message.pinned ? [message, ...pins] : pins;
  return message.pinned ? pins.with(at, message) : pins.toSpliced(at, 1);
}

function without(log: Log, ts: string): Log {
  const left = log.messages.filter((message) => message.ts !== ts);
  const pins = log.pins.filter((pin) => pin.ts !== ts);
  const same = left.length === log.messages.length && pins.length === log.pins.length;
  return same ? log : { ...log, messages: left, pins };
}

/** The logs after a patch; what did not change stays the same object. */
export function patched(logs: Logs, patch: Patch): Logs {
  if (!patch.messages?.length && !patch.gone?.length) return logs;
  const channels = { ...logs.channels };
  const threads = { ...logs.threads };
  for (const message of patch.messages ?? []) {
    const log = channels[message.channel];
    if (log) {
      const placed = ofChannel(message) ? put(log, message) : log;
      const pins = repinned(log.pins, message);
      channels[message.channel] = pins === log.pins ? placed : { ...placed, pins };
    }
    for (const [key, thread] of Object.entries(threads)) {
      const [channel, root] = key.split(":") as [string, string];
      if (channel === message.channel && inThread(message, root)) threads[key] = put(thread, message);
    }
  }
  for (const [channel, ts] of patch.gone ?? []) {
    const log = channels[channel];
    if (log) channels[channel] = without(log, ts);
    for (const [key, thread] of Object.entries(threads)) {
      if (key.startsWith(`${channel}:`)) threads[key] = without(thread, ts);
    }
  }
  return { channels, threads };
}

/** Join an older page to what is loaded. */
export function older(log: Log, page: { messages: Message[]; more?: boolean }): Log {
  const first = log.messages[0]?.ts;
  const before = page.messages.filter((message) => !first || message.ts < first);
  return { ...log, messages: [...before, ...log.messages], more: Boolean(page.more) };
}
