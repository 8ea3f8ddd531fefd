import { type RefObject, useEffect, useRef } from "react";
import type { Message } from "../api/types";
import { answeredClick, wasClicked } from "./clicks";

const LOW = 0.4;

/**
 * Show what a click brought about: when the message that was clicked says something else now - the next pair of a
 * tasting, the outcome of a duel - its beginning is brought into view.
 */
export function useSettled(messages: Message[], scroller: RefObject<HTMLElement | null>): void {
  const before = useRef(new Map<string, string>());
  useEffect(() => {
    const now = new Map(messages.map((message) => [message.ts, message.text]));
    for (const message of messages) {
      const old = before.current.get(message.ts);
      if (old === undefined || old === message.text) continue;
      answeredClick(message.channel, message.ts);
      if (!wasClicked(message.channel, message.ts)) continue;
      const box = scroller.current;
      const article = box?.querySelector<HTMLElement>(`article[data-ts="${CSS.escape(message.ts)}"]`);
      if (!box || !article) continue;
      const top = article.getBoundingClientRect().top - box.getBoundingClientRect().top;
      if (top < 0 || top > box.clientHeight * LOW) article.scrollIntoView({ block: "start" });
    }
    before.current = now;
  }, [messages, scroller]);
}
