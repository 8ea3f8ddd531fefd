const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** An address that may be followed from a message: http(s) or mailto; null for every other, such as `javascript:`. */
export function safeHref(url: unknown): string | null {
  if (typeof url !== "string") return null;
  const trimmed = url.trim();
  return /^(https?:\/\/|mailto:)/i.test(trimmed) ? trimmed : null;
}

/** An address that a picture may have: http(s), or a path of this page; null for every other. */
export function safePicture(url: unknown): string | null {
  if (typeof url !== "string") return null;
  return /^https?:\/\//i.test(url) || /^\/(?![/\\])/.test(url) ? url : null;
}

const sameHost = (url: URL) =>
  url.host === location.host ||
  (url.port === location.port && LOOPBACK.has(url.hostname) && LOOPBACK.has(location.hostname));

/** Where a permalink of this workspace leads inside the page (`#C1/p…`); null for other addresses. */
export function placeOf(href: string): string | null {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  const found = /^\/archives\/([A-Z0-9]+)(?:\/(p\d+))?$/.exec(url.pathname);
  if (!found || !sameHost(url)) return null;
  const [, channel, message] = found;
  const root = url.searchParams.get("thread_ts");
  if (root) return `#${channel}/thread/p${root.replace(".", "")}`;
  return message ? `#${channel}/${message}` : `#${channel}`;
}
