import type { Channel, Json, User } from "../api/types";
import { labelOf, nameOf } from "../state/select";

/** Something that can be chosen. */
export interface Option {
  value: string;
  label: string;
  description?: string;
}

export interface Group {
  label?: string;
  options: Option[];
}

const words = (object: unknown): string => String((object as Json | undefined)?.text ?? "");

/** An option as an app sends it. */
export const optionOf = (json: Json): Option => ({
  value: String(json.value ?? ""),
  label: words(json.text) || String(json.value ?? ""),
  ...(json.description ? { description: words(json.description) } : {}),
});

/** The options of an element, or of an app's answer, in their groups. */
export function groupsOf(json: Json): Group[] {
  const plain = (json.options ?? []).map(optionOf);
  const grouped = (json.option_groups ?? []).map((group: Json) => ({
    label: words(group.label),
    options: (group.options ?? []).map(optionOf),
  }));
  return plain.length ? [{ options: plain }, ...grouped] : grouped;
}

/** What a workspace offers to choose from. */
export interface Offered {
  users: User[];
  channels: Channel[];
  viewer: string;
}

const KINDS: Record<Channel["kind"], string> = { im: "im", mpim: "mpim", group: "private", channel: "public" };
const SIGNS: Record<Channel["kind"], string> = { im: "", mpim: "", group: "🔒 ", channel: "# " };

const asOption = (channel: Channel, { users, viewer }: Offered): Option => ({
  value: channel.id,
  label: `${SIGNS[channel.kind]}${labelOf(channel, users, viewer)}`,
});

function conversations(element: Json, offered: Offered): Option[] {
  const wanted: string[] | undefined = element.filter?.include;
  const bots = new Set(offered.users.filter((user) => user.is_bot).map((user) => user.id));
  return offered.channels
    .filter((channel) => !channel.is_archived)
    .filter((channel) => channel.kind === "channel" || channel.members.includes(offered.viewer))
    .filter((channel) => !wanted || wanted.includes(KINDS[channel.kind]))
    .filter(
      ({ kind, members }) =>
        !(element.filter?.exclude_bot_users && kind === "im" && members.some((id) => bots.has(id))),
    )
    .map((channel) => asOption(channel, offered));
}

/** What a menu of people, conversations or channels offers to a viewer. */
export function placesOf(element: Json, offered: Offered): Option[] {
  const kind = String(element.type);
  if (kind.endsWith("users_select")) {
    return offered.users
      .filter((user) => !user.deleted)
      .map((user) => ({ value: user.id, label: nameOf(offered.users, user.id), description: `@${user.name}` }));
  }
  if (kind.endsWith("conversations_select")) return conversations(element, offered);
  return offered.channels
    .filter((channel) => channel.kind === "channel" && !channel.is_archived)
    .map((channel) => asOption(channel, offered));
}
