import type { Json } from "../api/types";

const INITIAL: Record<string, string> = {
  users_select: "initial_user",
  conversations_select: "initial_conversation",
  channels_select: "initial_channel",
  multi_users_select: "initial_users",
  multi_conversations_select: "initial_conversations",
  multi_channels_select: "initial_channels",
  datepicker: "initial_date",
  timepicker: "initial_time",
  datetimepicker: "initial_date_time",
  static_select: "initial_option",
  external_select: "initial_option",
  radio_buttons: "initial_option",
  multi_static_select: "initial_options",
  multi_external_select: "initial_options",
  checkboxes: "initial_options",
};

/**
 * What an element holds when it is drawn first: what its person chose before, else what its app begins it with.
 *
 * @param state of the element, as in `state.values` of a view; undefined when nobody touched it
 * @returns as Slack has it: text, an id, an option, a list of those, files; null when it is empty
 */
export function heldBy(element: Json, state: Json | undefined): unknown {
  if (!state) return element[INITIAL[element.type] ?? "initial_value"] ?? null;
  const known = ["selected_option", "selected_options", "files", "rich_text_value", "value"].find(
    (key) => key in state,
  );
  if (known) return state[known] ?? null;
  return Object.entries(state).find(([key]) => key !== "type")?.[1] ?? null;
}

/** The text of a rich_text block, its marks left out. */
export function textOfRich(value: unknown): string {
  if (typeof value === "string") return value;
  if (!value || typeof value !== "object") return "";
  const { elements, text, type } = value as Json;
  if (typeof text === "string") return text;
  const parts = (Array.isArray(elements) ? elements : []).map(textOfRich);
  return parts.join(type === "rich_text" || type === "rich_text_list" ? "\n" : "");
}

/** A rich_text block of a text that somebody typed; null for none. */
export function richOf(text: string): Json | null {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}
