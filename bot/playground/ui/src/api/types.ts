// What the local Slack tells the page, in its own JSON: see bot/playground/slack/{overview,transcript,reading}.py.

// biome-ignore lint/suspicious/noExplicitAny: Block Kit is checked by the server, and drawn by what it says of itself
export type Json = Record<string, any>;

export interface User {
  id: string;
  name: string;
  real_name: string;
  is_admin: boolean;
  is_owner: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  is_bot: boolean;
  deleted: boolean;
  locale: string;
}

export type ChannelKind = "channel" | "group" | "im" | "mpim";

export interface Channel {
  id: string;
  name: string;
  kind: ChannelKind;
  members: string[];
  topic: string;
  purpose: string;
  is_archived: boolean;
  /** What an app suggests to say in a direct message with it; null for nothing. */
  prompts: { title: string | null; prompts: { title: string; message: string }[] } | null;
  /** The newest message, threads included; null for an empty channel. */
  last_ts: string | null;
}

export interface Command {
  name: string;
  description: string;
  usage_hint: string;
}

export interface Shortcut {
  callback_id: string;
  name: string;
  kind: "message" | "global";
}

export interface App {
  id: string;
  name: string;
  user_id: string;
  home: boolean;
  /** Whether Slack's own Stop button is offered for it. */
  agent: boolean;
  connected: boolean;
  commands: Command[];
  shortcuts: Shortcut[];
}

export interface Status {
  channel: string;
  thread_ts: string;
  app_id: string;
  text: string;
  loading_messages: string[];
  /** Seconds since it was set; it clears itself after two minutes. */
  age: number;
}

/** Something that is being got ready, such as the model; `share` is from 0 to 1, null where nobody knows. */
export interface Progress {
  what: string;
  detail: string;
  share: number | null;
}

export interface Overview {
  viewer: string;
  team: { id: string; name: string };
  users: User[];
  channels: Channel[];
  apps: App[];
  statuses: Status[];
  progress?: Progress[];
  /** What whoever looks as the viewer should know; empty for nothing. */
  hint?: string;
}

export interface SlackFile {
  id: string;
  name?: string;
  title?: string;
  mimetype?: string;
  url_private?: string;
  url_private_download?: string;
}

export interface Message {
  ts: string;
  channel: string;
  thread_ts: string | null;
  user: string;
  who: string;
  app_id: string | null;
  text: string;
  raw_text: string;
  blocks: Json[];
  attachments?: Json[];
  ephemeral: boolean;
  visible_to?: string;
  subtype?: string | null;
  edited?: boolean;
  streaming?: boolean;
  broadcast?: boolean;
  pinned?: boolean;
  icon_emoji?: string | null;
  reactions?: Record<string, string[]>;
  files?: SlackFile[];
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
}

export interface View {
  id: string;
  hash: string;
  kind: "modal" | "home";
  app_id: string;
  user: string;
  title: string;
  submit: string;
  close: string;
  blocks: Json[];
  values: Record<string, Record<string, Json>>;
  errors: Record<string, string>;
  previous: string | null;
}

export interface Screen {
  modals: View[];
  homes: View[];
}

/** One event of /changes: what looks different now. */
export interface Patch {
  all?: boolean;
  state?: Overview;
  screen?: Screen;
  messages?: Message[];
  gone?: [channel: string, ts: string][];
}

/** How an app took a command or a click. */
export interface Taken {
  acked: boolean;
  error: string | null;
  answer: unknown;
}

export interface Submitted {
  errors: Record<string, string>;
  error: string | null;
  view_id: string | null;
}
