import type { Patch } from "./types";

const AGAIN_MS = 1000;
const TOLD_MS = 800;

/**
 * Listen to what changes for a viewer, for as long as it takes: the connection is made anew when it breaks.
 *
 * @param viewer id or name; empty lets the server choose
 * @param tell called with each patch; the first one after each connection has `all`
 * @param lost called when the connection is gone for longer than a moment, and when it is back
 * @returns ends it
 */
export function listen(viewer: string, tell: (patch: Patch) => void, lost: (gone: boolean) => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let telling: ReturnType<typeof setTimeout> | undefined;

  function connect() {
    source = new EventSource(`/changes?${new URLSearchParams({ viewer })}`);
    source.onmessage = (event) => {
      clearTimeout(telling);
      telling = undefined;
      lost(false);
      tell(JSON.parse(event.data));
    };
    source.onerror = () => {
      telling ??= setTimeout(() => lost(true), TOLD_MS);
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN_MS);
    };
  }

  connect();
  return () => {
    clearTimeout(again);
    clearTimeout(telling);
    source?.close();
  };
}
