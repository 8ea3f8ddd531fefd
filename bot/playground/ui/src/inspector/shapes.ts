// What the record of the local Slack tells: see bot/playground/slack/traffic.py and inspector.py.
import type { Json } from "../api/types";

export interface Entry {
  seq: number;
  /** Seconds since the epoch. */
  at: number;
  kind: "call" | "envelope" | "response_url" | "file" | "connection";
  app_id: string;
  name: string;
  outcome: string;
  /** Milliseconds until the answer or the acknowledgement; null until then. */
  ms: number | null;
  attempt: number;
  /** How many. */
  findings: number;
  scope: string;
  id: string;
  envelope: "" | "events_api" | "slash_commands" | "interactive";
  door: "" | "socket" | "http";
  user: string;
  reason: string;
  retry_of: number | null;
  replay_of: number | null;
  fault: string;
  status: number;
  retry_after: number | null;
  size: number;
}

export interface Detail extends Omit<Entry, "findings"> {
  findings: string[];
  request: Json;
  response: unknown;
}

/** One event of /inspect/changes. */
export interface Told {
  /** Tells one life of the server from the next, whose numbers begin anew. */
  run: string;
  /** Entries before this one are forgotten. */
  oldest: number;
  all: boolean;
  entries: Entry[];
}

export interface Fault {
  id: number;
  kind: string;
  method: string;
  times: number;
  seconds: number;
  error: string;
}
