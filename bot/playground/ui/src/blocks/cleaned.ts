import type { Json } from "../api/types";
import { safeHref } from "../text/links";

const rich = (text: unknown): Json => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text: String(text ?? "") }] }],
});

const withoutIds = ({ block_id: _, ...block }: Json): Json => block;

// The library reads `raw_text` as marked up text, and knows no numbers.
function cell(one: Json | null): Json {
  if (one?.type === "rich_text") return withoutIds(one);
  return rich(one?.text ?? one?.value ?? "");
}

// What the library tells by a coloured dot alone is said in words, too.
const STATES: Record<string, string> = { in_progress: " · in progress", error: " · failed", pending: " · waiting" };

function task(card: Json): Json {
  const sources: Json[] = (Array.isArray(card.sources) ? card.sources : []).filter((one) => safeHref(one?.url));
  const shown: Json = {
    ...withoutIds(card),
    type: "task_card",
    title: `${card.title ?? ""}${STATES[card.status ?? "pending"] ?? ""}`,
    sources: sources.map((one) => ({ ...one, text: one.text || one.url })),
  };
  for (const key of ["details", "output"]) {
    if (typeof card[key] === "string") shown[key] = rich(card[key]);
    else if (card[key]) shown[key] = withoutIds(card[key]);
  }
  return shown;
}

/**
 * A block as the library may have it: without ids, which it would put on the page as they are, without links that it
 * would make by itself and that may not be followed, and with texts that it cannot misread.
 */
export function cleaned(block: Json): Json {
  switch (block.type) {
    case "table":
      return { ...withoutIds(block), rows: block.rows.map((row: Json[]) => row.map(cell)) };
    case "task_card":
      return task(block);
    case "plan":
      return { ...withoutIds(block), tasks: (block.tasks ?? []).map(task) };
    case "data_visualization":
      return { ...withoutIds(block), title: typeof block.title === "object" ? block.title?.text : block.title };
    default:
      return withoutIds(block);
  }
}
