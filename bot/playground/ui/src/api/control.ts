import type { Message } from "./types";

/** The local Slack refuses an act, in words that say why. */
export class Refused extends Error {}
/** The local Slack does not answer. */
export class Unreachable extends Error {
  constructor() {
    super("The local Slack does not answer. Is it still running?");
  }
}

/** Answers of the server itself, which come without words that a person understands. */
const WORDS: Record<number, string> = { 413: "it is too large for the local Slack" };

async function answered<T>(request: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await request;
  } catch {
    throw new Unreachable();
  }
  const body = await response.json().catch((error) => {
    if (error instanceof SyntaxError) return null;
    throw new Unreachable();
  });
  if (body === null) throw new Refused(WORDS[response.status] ?? `the local Slack answered with ${response.status}`);
  if (!response.ok) throw new Refused(body.error);
  return body as T;
}

/**
 * Do something as a person, or look at something: a verb of the control API.
 *
 * @throws Refused the local Slack says no; Unreachable it is gone.
 */
export function control<T = Record<string, never>>(verb: string, body: object = {}): Promise<T> {
  return answered<T>(
    fetch(`/control/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

/** Messages that a viewer reads: of a channel (the newest, or those before a ts), of a thread, or a single one. */
export function history(asked: {
  viewer: string;
  channel: string;
  thread_ts?: string;
  message?: string;
  before?: string;
  limit?: string;
}): Promise<{ messages: Message[]; more?: boolean; pins?: Message[] }> {
  return answered(fetch(`/history?${new URLSearchParams(asked)}`));
}
