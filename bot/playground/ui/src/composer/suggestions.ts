import type { App, Channel, User } from "../api/types";
import { searchEmoji } from "../text/emoji";

/** Something that completes what is being typed. */
export interface Suggestion {
  /** What is put in the place of `replaces`. */
  put: string;
  shown: string;
  /** Says more about it; empty when there is nothing to say. */
  what: string;
  /** Said once above it, such as what a command is for; empty for none. */
  about: string;
  replaces: string;
  /** Used instead of putting anything in: an app's global shortcut. */
  shortcut?: { app_id: string; callback_id: string };
}

interface Known {
  users: User[];
  channels: Channel[];
  apps: App[];
}

const MOST = 8;
const SHORTEST_EMOJI = 2;

function ofCommands(typed: string, apps: App[]): Suggestion[] {
  const ours = apps.flatMap((app) =>
    app.commands.flatMap((command) => {
      const ways = command.usage_hint ? command.usage_hint.split(" | ") : [""];
      return ways.map((way, at) => ({
        put: `${command.name} ${way.replace(/[<[].*/, "")}`,
        shown: `${command.name} ${way}`,
        what: "",
        about: at ? "" : command.description,
        replaces: typed,
      }));
    }),
  );
  const invites = apps.map((app) => {
    const put = `/invite @${app.name}`;
    return { put, shown: put, what: "Bring the app into this channel", about: "", replaces: typed };
  });
  const shortcuts = apps.flatMap((app) =>
    app.shortcuts
      .filter((one) => one.kind === "global" && `/${one.name.toLowerCase()}`.startsWith(typed.toLowerCase()))
      .map((one) => ({
        put: "",
        shown: one.name,
        what: "shortcut",
        about: "",
        replaces: typed,
        shortcut: { app_id: app.id, callback_id: one.callback_id },
      })),
  );
  return [
    ...[...ours, ...invites].filter((one) => one.put.startsWith(typed) && one.put.trim() !== typed.trim()),
    ...shortcuts,
  ];
}

/** What fits the text before the caret: a command, a person, a channel or an emoji. */
export function suggestions(typed: string, known: Known): Suggestion[] {
  if (typed.startsWith("/") && !typed.includes("\n")) {
    const commands = ofCommands(typed, known.apps);
    if (commands.length) return commands;
  }
  const word = typed.split(/\s/).at(-1) ?? "";
  const rest = word.slice(1).toLowerCase();
  const fits = (...names: string[]) => names.some((name) => name.toLowerCase().startsWith(rest));
  if (word.startsWith("@")) {
    return known.users
      .filter((user) => !user.deleted && fits(user.name, user.real_name))
      .slice(0, MOST)
      .map((user) => ({
        put: `@${user.name} `,
        shown: `@${user.name}`,
        what: user.real_name,
        about: "",
        replaces: word,
      }));
  }
  if (word.startsWith("#")) {
    return known.channels
      .filter((channel) => (channel.kind === "channel" || channel.kind === "group") && fits(channel.name))
      .slice(0, MOST)
      .map((channel) => ({ put: `#${channel.name} `, shown: `#${channel.name}`, what: "", about: "", replaces: word }));
  }
  if (/^:[a-z0-9_+-]+$/.test(word) && rest.length >= SHORTEST_EMOJI) {
    return searchEmoji(rest, MOST).map(({ name, emoji }) => ({
      put: `:${name}: `,
      shown: `${emoji} :${name}:`,
      what: "",
      about: "",
      replaces: word,
    }));
  }
  return [];
}
