import { useShallow } from "zustand/react/shallow";
import type { App, Channel, Message, Overview, Status, User } from "../api/types";
import { type Log, threadKey } from "./logs";
import { useStore } from "./store";

const NONE: never[] = [];

export const useOverview = () => useStore((now) => now.overview) as Overview;
export const useViewer = () => useStore((now) => now.overview?.viewer ?? "");
export const useMe = () =>
  useStore((now) => now.overview?.users.find((user) => user.id === now.overview?.viewer)) as User;
export const useApps = (): App[] => useStore((now) => now.overview?.apps ?? NONE);
export const useUsers = (): User[] => useStore((now) => now.overview?.users ?? NONE);
export const useChannel = (id: string | null): Channel | undefined =>
  useStore((now) => now.overview?.channels.find((channel) => channel.id === id));
export const useLog = (channel: string): Log | undefined => useStore((now) => now.logs.channels[channel]);
export const useThread = (channel: string, root: string): Log | undefined =>
  useStore((now) => now.logs.threads[threadKey(channel, root)]);
export const useStatuses = (channel: string): Status[] =>
  useStore(useShallow((now) => (now.overview?.statuses ?? NONE).filter((status) => status.channel === channel)));

/** What a user is called: their real name, Slackbot, or the bare id of somebody unknown. */
export function nameOf(users: User[], id: string): string {
  return users.find((user) => user.id === id)?.real_name || (id === "USLACKBOT" ? "Slackbot" : id);
}

/** Who a message is from: an app may post under another name than its own. */
export function authorOf(users: User[], message: Message): string {
  const user = users.find((one) => one.id === message.user);
  if (message.app_id && user && message.who !== user.name) return message.who;
  return nameOf(users, message.user);
}

export const isPrivate = (channel: Channel) => channel.kind === "group" || channel.kind === "mpim";
export const isDirect = (channel: Channel) => channel.kind === "im";

/** What a channel is called, without a sign before it. */
export function labelOf(channel: Channel, users: User[], me: string): string {
  if (channel.kind !== "im" && channel.kind !== "mpim") return channel.name;
  const others = channel.members.filter((id) => id !== me);
  return others.map((id) => nameOf(users, id)).join(", ") || `${nameOf(users, me)} (you)`;
}

/** The same with the sign that Slack has before it. */
export function titleOf(channel: Channel, users: User[], me: string): string {
  const label = labelOf(channel, users, me);
  return isDirect(channel) || channel.kind === "mpim"
    ? label
    : `${channel.kind === "group" ? "🔒" : "#"}\u2009${label}`;
}

/** The app that is a member of a channel; the first one when there are several. */
export const appIn = (channel: Channel, apps: App[]): App | undefined =>
  apps.find((app) => channel.members.includes(app.user_id));

export type Role = "admin" | "guest" | "member" | "app";
export function roleOf(user: User): Role {
  if (user.is_bot) return "app";
  if (user.is_admin || user.is_owner) return "admin";
  return user.is_restricted || user.is_ultra_restricted ? "guest" : "member";
}
