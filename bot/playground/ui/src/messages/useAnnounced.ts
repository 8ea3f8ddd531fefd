import { useEffect, useRef } from "react";
import type { Message } from "../api/types";
import { authorOf, useUsers } from "../state/select";
import { announce } from "../state/store";

const LONGEST_SAID = 300;

/** Have a screen reader say what others write while one is here. */
export function useAnnounced(messages: Message[], me: string): void {
  const users = useUsers();
  const known = useRef<string | null>(null);
  useEffect(() => {
    const last = messages.at(-1);
    const since = known.current;
    known.current = last?.ts ?? "";
    if (since === null) return;
    for (const message of messages) {
      if (message.ts <= since || message.user === me) continue;
      announce(`${authorOf(users, message)}: ${message.text.slice(0, LONGEST_SAID)}`);
    }
  }, [messages, me, users]);
}
