import { type ComponentType, lazy, Suspense, useState } from "react";
import type { Json } from "../api/types";

type Drawn = ComponentType<{ block: Json }>;

// The library is half of all that the page loads, and most messages do without: it comes after them.
let loaded: Drawn | null = null;
const Later = lazy(() => import("./Library"));
const WAITING = <p className="unknown">…</p>;

/** Load the library, once there is nothing else to do. */
export async function loadLibrary(): Promise<void> {
  loaded = (await import("./Library")).default;
}

/** A block that is only shown, drawn by the library. */
export function Shown({ block }: { block: Json }) {
  const [Library] = useState<{ is: Drawn }>(() => ({ is: loaded ?? Later }));
  return (
    <Suspense fallback={WAITING}>
      <Library.is block={block} />
    </Suspense>
  );
}
