import { expect, test } from "vitest";
import type { App, Channel, User } from "../api/types";
import { suggestions } from "./suggestions";

const user = (name: string, real_name: string) => ({ id: name, name, real_name, deleted: false }) as User;
const known = {
  users: [user("ann", "Ann"), user("anton", "Toni"), user("ben", "Ben")],
  channels: [
    { id: "C1", name: "taste-test", kind: "channel" },
    { id: "D1", name: "dm", kind: "im" },
  ] as Channel[],
  apps: [
    {
      name: "kostprobe",
      commands: [{ name: "/kostprobe", description: "Ask", usage_hint: "ask <question> | config | help" }],
      shortcuts: [
        { callback_id: "new", name: "New tasting", kind: "global" },
        { callback_id: "this", name: "New duel", kind: "message" },
      ],
    },
  ] as App[],
};
const shown = (typed: string) => suggestions(typed, known).map((one) => one.put);

test("people by name or real name, where the word begins with @", () => {
  expect(shown("hello @an")).toEqual(["@ann ", "@anton "]);
  expect(shown("@to")).toEqual(["@anton "]);
  expect(shown("a@b")).toEqual([]);
});

test("each way of a command, up to where one has to type, and the invitation of an app", () => {
  expect(shown("/")).toEqual(["/kostprobe ask ", "/kostprobe config", "/kostprobe help", "/invite @kostprobe", ""]);
  expect(shown("/kostprobe co")).toEqual(["/kostprobe config"]);
  expect(shown("/kostprobe config")).toEqual([]);
  expect(shown("/kostprobe config\n")).toEqual([]);
});

test("global shortcuts by their name, message shortcuts not", () => {
  expect(suggestions("/new", known).map((one) => one.shortcut?.callback_id)).toEqual(["new"]);
});

test("a mention inside a command, channels, emoji", () => {
  expect(shown("/invite @be")).toEqual(["@ben "]);
  expect(shown("see #ta")).toEqual(["#taste-test "]);
  expect(suggestions("so :pizz", known)[0]).toMatchObject({ put: ":pizza: ", shown: "🍕 :pizza:" });
  expect(shown("at 12:3")).toEqual([]);
  expect(shown(":p")).toEqual([]);
});
