// JSON pointers (RFC 6901) of findings, and the places in a request that they name. Pure.

export interface Finding {
  sentence: string;
  /** Steps from the top of the request; null when the finding names no place that is there. */
  path: string[] | null;
}

const POINTER = /\s*\[json-pointer:([^\]]*)\]\s*$/;
/** Arguments that forms carry as JSON in a string. */
const STRUCTURED = new Set(["blocks", "view", "attachments", "metadata", "chunks", "payload", "unfurls", "state"]);

/** Return the steps of a pointer. */
export function steps(pointer: string): string[] {
  if (!pointer || pointer === "/") return [];
  return pointer
    .replace(/^\//, "")
    .split("/")
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** Return what stands at a path; undefined when nothing does. */
export function at(value: unknown, path: string[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as { [key: string]: unknown })[step];
  }
  return here;
}

/** Return a request with the structures that a form carried as strings. */
export function unfolded(request: unknown): unknown {
  if (typeof request !== "object" || request === null || Array.isArray(request)) return request;
  return Object.fromEntries(
    Object.entries(request).map(([key, value]) => {
      if (!STRUCTURED.has(key) || typeof value !== "string") return [key, value];
      try {
        const read = JSON.parse(value);
        return [key, typeof read === "object" && read !== null ? read : value];
      } catch {
        return [key, value];
      }
    }),
  );
}

/**
 * Read a finding: its sentence, and the place that it is about.
 *
 * A pointer to what is missing, such as a key that was forgotten, gives the nearest place above it that is there. One
 * that begins within the blocks or the view is found there.
 */
export function readFinding(text: string, request: unknown): Finding {
  const pointer = POINTER.exec(text)?.[1];
  const sentence = text.replace(POINTER, "");
  if (pointer === undefined) return { sentence, path: null };
  const path = steps(pointer);
  for (const root of [[], ["view"], ["blocks"], ["chunks"], ["attachments"]]) {
    if (path.length && at(request, [...root, path[0] as string]) === undefined) continue;
    const whole = [...root, ...path];
    while (whole.length && at(request, whole) === undefined) whole.pop();
    return { sentence, path: whole };
  }
  return { sentence, path: null };
}

/** One name for a path, as a key of a map. */
export const keyOf = (path: string[]): string =>
  path.map((step) => `/${step.replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
