/** A message that is pointed at; a new object points at it again. */
export interface Pointer {
  ts: string;
}

/** What the page shows: a channel (with a thread, or a message to point at), an app's home, or nothing yet. */
export interface Route {
  channel: string | null;
  home: string | null;
  thread: string | null;
  target: Pointer | null;
}

export const NOWHERE: Route = { channel: null, home: null, thread: null, target: null };

const asTs = (link: string) => (/^p\d{7,}$/.test(link) ? `${link.slice(1, -6)}.${link.slice(-6)}` : null);
function asPointer(link: string): Pointer | null {
  const ts = asTs(link);
  return ts === null ? null : { ts };
}
const asLink = (ts: string) => `p${ts.replace(".", "")}`;

/**
 * Read the fragment of an address.
 *
 * `#C1` is a channel, `#C1/p…` points at a message (as permalinks do), `#C1/thread/p…` has a thread open,
 * `#home/A1` is the home of an app.
 */
export function readRoute(hash: string): Route {
  const [first = "", second = "", third = ""] = hash.replace(/^#/, "").split("/");
  if (first === "home") return { ...NOWHERE, home: second || null };
  if (!first) return NOWHERE;
  if (second === "thread") return { ...NOWHERE, channel: first, thread: asTs(third) };
  return { ...NOWHERE, channel: first, target: asPointer(second) };
}

/** The fragment of what is shown. */
export function writeRoute(route: Route): string {
  if (route.home) return `#home/${route.home}`;
  if (!route.channel) return "#";
  if (route.thread) return `#${route.channel}/thread/${asLink(route.thread)}`;
  return `#${route.channel}${route.target ? `/${asLink(route.target.ts)}` : ""}`;
}

/** The address under which a message can be found again. */
export const permalink = (channel: string, ts: string) => `${location.origin}/archives/${channel}/${asLink(ts)}`;
