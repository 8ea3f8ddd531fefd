import { useEffect, useRef } from "react";
import type { Message } from "../api/types";
import { authorOf, useUsers } from "../state/select";
import { wasClicked } from "./clicks";
import { tell, tellAtRest, wasTold } from "./hearing";

interface Seen {
  /** The ts of the newest message. */
  last: string;
  texts: ReadonlyMap<string, string>;
  /** Messages that were still growing. */
  growing: ReadonlySet<string>;
}

/**
 * Have a screen reader say what others write while one is here: what grows when it is all there, what a click
 * brought about, and what becomes of an app's message that was said a moment ago.
 *
 * @param messages undefined until they are loaded
 */
export function useAnnounced(messages: Message[] | undefined, me: string): void {
  const users = useUsers();
  const seen = useRef<Seen | null>(null);
  // an answer may come in before the thread of its question is loaded
  seen.current ??= { last: String(Date.now() / 1000), texts: new Map(), growing: new Set() };
  useEffect(() => {
    const before = seen.current;
    if (!messages || !before) return;
    let { last } = before;
    for (const message of messages) {
      const { ts, text } = message;
      if (ts > last) last = ts;
      if (message.user === me || message.streaming) continue;
      const author = authorOf(users, message);
      const old = before.texts.get(ts);
      if (before.growing.has(ts)) tellAtRest(message, author);
      else if (old === undefined && ts > before.last) tell(message, author);
      else if (old === undefined || old === text) continue;
      else if (wasClicked(message.channel, ts)) tell(message, null);
      else if (message.app_id && wasTold(message)) tellAtRest(message, author);
    }
    seen.current = {
      last,
      texts: new Map(messages.map((message) => [message.ts, message.text])),
      growing: new Set(messages.filter((message) => message.streaming).map((message) => message.ts)),
    };
  }, [messages, me, users]);
}
