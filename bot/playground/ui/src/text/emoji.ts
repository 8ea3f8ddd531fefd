import { get, search } from "node-emoji";

/** The character of an emoji's Slack name; the name between colons when nobody knows it. */
export const emojiOf = (name: string): string => get(name.replace(/::skin-tone-\d$/, "")) ?? `:${name}:`;

/** Names that begin with, or hold, what was typed; the best first. */
export function searchEmoji(typed: string, limit: number): { name: string; emoji: string }[] {
  const found = search(typed);
  return [...found].sort((a, b) => Number(b.name.startsWith(typed)) - Number(a.name.startsWith(typed))).slice(0, limit);
}
