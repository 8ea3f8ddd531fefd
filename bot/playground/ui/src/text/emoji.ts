import { get, search } from "node-emoji";
import { SLACK_EMOJI } from "./slackEmoji";

const TONES: Record<string, string> = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };
const LETTER_A = 0x1f1e6;

let extra: Map<string, string> | null = null;
function slackNames(): Map<string, string> {
  if (!extra) {
    const words = SLACK_EMOJI.trim().split(/\s+/);
    extra = new Map();
    for (let at = 0; at + 1 < words.length; at += 2) extra.set(words[at] as string, words[at + 1] as string);
  }
  return extra;
}

const flag = (country: string) =>
  [...country].map((letter) => String.fromCodePoint(LETTER_A + letter.charCodeAt(0) - 97)).join("");

/** The character of an emoji's Slack name, `+1` or `wave::skin-tone-3`; the name between colons when nobody knows it. */
export function emojiOf(name: string): string {
  const [bare = "", tone] = name.split("::skin-tone-");
  const country = /^flag-([a-z]{2})$/.exec(bare)?.[1];
  const found = country ? flag(country) : (slackNames().get(bare) ?? get(bare));
  return found ? found + (TONES[tone ?? ""] ?? "") : `:${name}:`;
}

const rank = (name: string, typed: string) => (name === typed ? 0 : name.startsWith(typed) ? 1 : 2);

/** Emoji whose names begin with, or hold, what was typed; the best first, nothing for an empty text. */
export function searchEmoji(typed: string, limit: number): { name: string; emoji: string }[] {
  const asked = typed.toLowerCase().replaceAll(":", "");
  if (!asked) return [];
  const known = search(/(?:)/).concat([...slackNames()].map(([name, emoji]) => ({ name, emoji })));
  return known
    .filter(({ name }) => name.includes(asked))
    .sort((a, b) => rank(a.name, asked) - rank(b.name, asked) || a.name.length - b.name.length)
    .slice(0, limit);
}
