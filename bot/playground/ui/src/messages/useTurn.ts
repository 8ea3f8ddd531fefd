import { useState } from "react";
import type { Pointer } from "../state/route";

/**
 * Count how often a list was to open at a message: a key for it, so that it opens there each time.
 *
 * @param ts what the list opens at; null while that is not there, and where nothing is pointed at
 */
export function useTurn(pointer: Pointer | null, ts: string | null): number {
  const [shown, setShown] = useState({ pointer, ts, turn: 0 });
  if (pointer && ts && (shown.pointer !== pointer || shown.ts !== ts)) {
    setShown({ pointer, ts, turn: shown.turn + 1 });
  }
  return shown.turn;
}
