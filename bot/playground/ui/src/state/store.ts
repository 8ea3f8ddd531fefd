import { create } from "zustand";
import { control, history, Refused, Unreachable } from "../api/control";
import type { Message, Overview, Patch, Screen, Taken } from "../api/types";
import { type Log, type Logs, NO_LOGS, older, patched, threadKey } from "./logs";
import { memory, shared } from "./memory";
import { NOWHERE, type Pointer, type Route, readRoute, writeRoute } from "./route";

const PAGE_SIZE = "100";
const LARGE_PAGE = "500";
/** So many messages are above one that a list opens at, if there are so many. */
const ABOVE = 30;
const TOAST_MS = 8000;

/** Where a message is shown: in its channel, or in the thread beside it. */
export type Pane = "channel" | "thread";

/** A message of one's own that is being written anew. */
export interface Edit {
  /** The message, as channel:ts. */
  key: string;
  /** Where it was begun. */
  pane: Pane;
  text: string;
  /** Whether nothing was typed since it was chosen: then its field takes the focus. */
  fresh: boolean;
}

interface Store {
  /** Whom the page asked to look as; the server says in `overview.viewer` who it is. */
  asked: string;
  overview: Overview | null;
  screen: Screen;
  logs: Logs;
  route: Route;
  /** Whether the server is gone. */
  lost: boolean;
  toast: string | null;
  /** Said to people who hear the page, the newest last. */
  said: { id: number; text: string }[];
  /** How far the viewer has read, by channel. */
  reads: Record<string, string>;
  dismissed: ReadonlySet<string>;
  /** What is being edited, by person. */
  edits: Record<string, Edit>;
  sidebar: boolean;
  inspector: boolean;
}

const named = new URLSearchParams(location.search).get("as");
// an address without it, such as a permalink, leads to the same person in this tab
if (named) memory.set("person", named);

export const useStore = create<Store>(() => ({
  asked: named ?? memory.get("person") ?? "",
  overview: null,
  screen: { modals: [], homes: [] },
  logs: NO_LOGS,
  route: readRoute(location.hash),
  lost: false,
  toast: null,
  said: [],
  reads: {},
  dismissed: new Set(),
  edits: {},
  sidebar: false,
  inspector: memory.get("inspector") === "open",
}));

const { getState: get, setState: set } = useStore;

/** Who acts: the id of the viewer. */
export const viewer = () => get().overview?.viewer ?? "";

let toastTimer: ReturnType<typeof setTimeout> | undefined;
/** Show a line at the bottom for a while; null takes it away. */
export function toast(text: string | null): void {
  clearTimeout(toastTimer);
  set({ toast: text });
  if (text) toastTimer = setTimeout(() => set({ toast: null }), TOAST_MS);
}

let saidId = 0;
/** Have a screen reader say something. */
export function announce(text: string): void {
  saidId += 1;
  const id = saidId;
  set(({ said }) => ({ said: [...said, { id, text }].slice(-4) }));
  setTimeout(() => set(({ said }) => ({ said: said.filter((one) => one.id !== id) })), 10_000);
}

/** Do something as the viewer; what goes wrong is shown, and gives null. */
export async function act<T = Record<string, never>>(verb: string, body: object = {}): Promise<T | null> {
  try {
    return await control<T>(verb, { user: viewer(), ...body });
  } catch (error) {
    toast(error instanceof Refused ? `That did not work: ${error.message}` : String((error as Error).message));
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    return null;
  }
}

/** Tell when an app did not take a click or a command in time. */
export function tellUnlessAcked(taken: Taken | null, appId: string | null | undefined): void {
  if (!taken || taken.acked) return;
  const { overview } = get();
  const app = overview?.apps.find((one) => one.id === appId);
  const name = overview?.users.find((user) => user.id === app?.user_id)?.real_name ?? "The app";
  const why: Record<string, string> = {
    timeout: "did not react within three seconds",
    http_timeout: "did not react within three seconds",
    connection_failed: "is not connected",
  };
  toast(`${name} ${why[taken.error ?? ""] ?? `did not react (${taken.error})`}.`);
}

/** Look as somebody else. */
export function become(id: string): void {
  memory.set("person", id);
  set({ asked: id });
  writeAddress();
}

/** Have the address say what is shown, and to whom where it names somebody. */
function writeAddress(): void {
  const { asked, overview, route } = get();
  const search = new URLSearchParams(location.search);
  if (search.has("as")) search.set("as", overview?.users.find((user) => user.id === asked)?.name ?? asked);
  window.history.replaceState(null, "", `${search.size ? `?${search}` : location.pathname}${writeRoute(route)}`);
}

/** Show something else; the address follows, so that links and the back button work. */
export function go(route: Partial<Route>, { replace = false } = {}): void {
  const next = { ...NOWHERE, ...route };
  const before = get().route;
  set({ route: next, sidebar: false });
  if (next.channel) memory.set("place", next.channel);
  const hash = writeRoute(next);
  if (hash !== writeRoute(before)) window.history[replace ? "replaceState" : "pushState"](null, "", hash);
}

/** Point at a message no longer: it is not there, and the conversation is shown without it. */
function unpoint(target: Pointer): void {
  const { route } = get();
  if (route.target === target) go({ ...route, target: null }, { replace: true });
}

function unpointGone(gone: Patch["gone"]): void {
  const { channel, thread, target } = get().route;
  if (target && gone?.some(([where, ts]) => where === channel && (ts === target.ts || ts === thread))) unpoint(target);
}

/** Follow the address after the back button, or after a link. */
export function followAddress(): void {
  const route = readRoute(location.hash);
  const { asked, overview } = get();
  set({ route: overview ? settledRoute(route, overview) : route });
  // an entry of the past may name whom one was then
  const then = new URLSearchParams(location.search).get("as");
  const user = overview?.users.find((one) => one.id === then || one.name === then);
  if (overview && user && user.id !== asked && user.name !== asked) writeAddress();
}

const readKey = (who: string, channel: string) => `read:${who}:${channel}`;

/** Remember that the viewer has seen everything in a channel up to `ts`. */
export function markRead(channel: string, ts: string): void {
  if ((get().reads[channel] ?? "") >= ts) return;
  shared.set(readKey(viewer(), channel), ts);
  set(({ reads }) => ({ reads: { ...reads, [channel]: ts } }));
}

/** Hide an ephemeral message, as Slack's own "Dismiss message" does. */
export function dismiss(message: Message): void {
  unpointGone([[message.channel, message.ts]]);
  set(({ dismissed }) => ({ dismissed: new Set([...dismissed, threadKey(message.channel, message.ts)]) }));
}

const focusedPane = (): Pane => (document.activeElement?.closest(".thread") ? "thread" : "channel");

/** Begin to edit a message of one's own, or go on with it in another place. */
export function edit(message: Message, pane = focusedPane()): void {
  const who = viewer();
  const key = threadKey(message.channel, message.ts);
  set(({ edits }) => {
    const text = edits[who]?.key === key ? edits[who].text : message.text;
    return { edits: { ...edits, [who]: { key, pane, text, fresh: true } } };
  });
}

/** Keep what stands in the field of an edit. */
export function writeEdit(text: string): void {
  const who = viewer();
  set(({ edits }) => (edits[who] ? { edits: { ...edits, [who]: { ...edits[who], text, fresh: false } } } : {}));
}

/** End the edit of a person, unless they edit something else by now. */
export function endEdit(who: string, message: Message): void {
  set(({ edits }) => {
    if (edits[who]?.key !== threadKey(message.channel, message.ts)) return {};
    const { [who]: _ended, ...others } = edits;
    return { edits: others };
  });
}

/** Show or hide people and channels, where there is no room for them. */
export const showSidebar = (sidebar: boolean) => set({ sidebar });

/** Show or hide the inspector; the next page begins as this one was left. */
export function showInspector(inspector: boolean): void {
  memory.set("inspector", inspector ? "open" : "closed");
  set({ inspector });
}

function readsOf(overview: Overview): Record<string, string> {
  return Object.fromEntries(
    overview.channels.map((channel) => [channel.id, shared.get(readKey(overview.viewer, channel.id)) ?? ""]),
  );
}

function settledRoute(route: Route, overview: Overview): Route {
  const mine = overview.channels.filter((channel) => channel.members.includes(overview.viewer));
  if (route.home) return overview.apps.some((app) => app.id === route.home) ? route : NOWHERE;
  const found = mine.find((channel) => channel.id === route.channel || channel.name === route.channel);
  if (found) return { ...route, channel: found.id };
  const remembered = mine.find((channel) => channel.id === memory.get("place"));
  const first = remembered ?? mine.find((channel) => channel.kind !== "im") ?? mine[0];
  return { ...NOWHERE, channel: first?.id ?? null };
}

function withNewest(overview: Overview, messages: Message[]): Overview {
  const newest = new Map<string, string>();
  for (const one of messages) {
    if (!one.ephemeral && one.ts > (newest.get(one.channel) ?? "")) newest.set(one.channel, one.ts);
  }
  const stale = (id: string, last: string | null) => (newest.get(id) ?? "") > (last ?? "");
  if (!overview.channels.some((channel) => stale(channel.id, channel.last_ts))) return overview;
  const channels = overview.channels.map((channel) =>
    stale(channel.id, channel.last_ts) ? { ...channel, last_ts: newest.get(channel.id) ?? null } : channel,
  );
  return { ...overview, channels };
}

/** Take what the server tells. */
export function take(patch: Patch): void {
  for (const meanwhile of inFlight) meanwhile.push(patch);
  // first, or a list that waits for what is pointed at would be taken away
  unpointGone(patch.gone);
  const before = get().overview;
  set((now) => {
    const next: Partial<Store> = {};
    let overview = patch.state ?? now.overview;
    const someoneElse = overview?.viewer !== now.overview?.viewer;
    if (overview && patch.messages) overview = withNewest(overview, patch.messages);
    if (overview && overview !== now.overview) {
      next.overview = overview;
      next.route = settledRoute(now.route, overview);
      if (someoneElse) next.reads = readsOf(overview);
    }
    if (patch.screen) next.screen = patch.screen;
    if (someoneElse) next.logs = NO_LOGS;
    else if (!patch.all) next.logs = patched(now.logs, patch);
    return next;
  });
  if (before && get().overview?.viewer !== before.viewer) writeAddress();
  // whoever has just come loads what they see as it is drawn: twice at once, one would undo the other
  if (patch.all && before?.viewer === viewer()) void reload();
}

/** Say whether the server is gone. */
export const setLost = (lost: boolean) => {
  if (get().lost !== lost) set({ lost });
};

/** Patches that came in while messages are being fetched: what is fetched may be older than they are. */
const inFlight = new Set<Patch[]>();

async function fetched(asked: {
  channel: string;
  thread_ts?: string;
  message?: string;
  before?: string;
  limit?: string;
}) {
  const who = viewer();
  const meanwhile: Patch[] = [];
  inFlight.add(meanwhile);
  const found = await history({ viewer: who, limit: PAGE_SIZE, ...asked }).catch(() => null);
  inFlight.delete(meanwhile);
  return found && who === viewer() ? { ...found, meanwhile } : null;
}

function putLog(kind: keyof Logs, key: string, log: Log, meanwhile: Patch[]): void {
  set(({ logs }) => ({
    logs: meanwhile.reduce(patched, { ...logs, [kind]: { ...logs[kind], [key]: log } }),
  }));
}

/** Load the newest messages of a channel. */
export async function loadChannel(channel: string): Promise<void> {
  const found = await fetched({ channel });
  if (!found) return;
  const log = { messages: found.messages, more: Boolean(found.more), pins: found.pins ?? [] };
  putLog("channels", channel, log, found.meanwhile);
}

/** Load messages older than those that are there. */
export async function loadOlder(channel: string): Promise<void> {
  const first = get().logs.channels[channel]?.messages[0];
  if (!first) return;
  const found = await fetched({ channel, before: first.ts });
  const log = get().logs.channels[channel];
  if (found && log) putLog("channels", channel, older(log, found), found.meanwhile);
}

/**
 * Show a message that an address points at: as far back as it is, and its thread when it is in one.
 *
 * Says so when there is no such message (any more).
 */
export async function loadTarget(channel: string, target: Pointer): Promise<void> {
  const { ts } = target;
  const who = viewer();
  const found = (await fetched({ channel, message: ts }))?.messages[0];
  if (who !== viewer() || get().route.target !== target) return;
  if (!found) {
    toast("This message is not there (any more).");
    return unpoint(target);
  }
  const root = found.thread_ts ?? ts;
  const inThread = root !== ts;
  if (inThread || found.reply_count) go({ channel, thread: root, target }, { replace: true });
  await loadBackTo(channel, root);
  const there = get().logs.channels[channel]?.messages.some((one) => one.ts === root);
  if (who === viewer() && !there) unpoint(target);
}

/**
 * Whether a list can open at a message: what comes in above it right then would push it away.
 *
 * @param ts of the message; when it is not there (any more) the list can open where it was
 */
export const opensAt = (log: Log, ts: string) => !log.more || (log.messages[ABOVE]?.ts ?? "") <= ts;

async function loadBackTo(channel: string, ts: string): Promise<void> {
  for (;;) {
    const log = get().logs.channels[channel];
    if (!log || opensAt(log, ts)) return;
    const page = await fetched({ channel, before: log.messages[0]?.ts, limit: LARGE_PAGE });
    const now = get().logs.channels[channel];
    if (!page || !now) return;
    putLog("channels", channel, older(now, page), page.meanwhile);
  }
}

/** Load a thread. */
export async function loadThread(channel: string, root: string): Promise<void> {
  const found = await fetched({ channel, thread_ts: root });
  if (found)
    putLog("threads", threadKey(channel, root), { messages: found.messages, more: false, pins: [] }, found.meanwhile);
}

/** Load again what is shown, and forget the rest: after a reset, or after the server was away. */
async function reload(): Promise<void> {
  const { route } = get();
  const key = route.channel && route.thread ? threadKey(route.channel, route.thread) : null;
  set(({ logs }) => ({
    logs: {
      channels: Object.fromEntries(Object.entries(logs.channels).filter(([id]) => id === route.channel)),
      threads: Object.fromEntries(Object.entries(logs.threads).filter(([id]) => id === key)),
    },
  }));
  if (route.channel) await loadChannel(route.channel);
  if (route.channel && route.thread) await loadThread(route.channel, route.thread);
  if (route.channel && route.target) await loadTarget(route.channel, route.target);
}
