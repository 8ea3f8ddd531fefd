import { createContext, useContext, useEffect, useState } from "react";
import type { Json } from "../api/types";

/**
 * What stands in the fields of a form. It is kept by block id and action id, so that it stays when the app changes
 * the form for as long as these ids stay, as in Slack, and while another form lies on top.
 */
export class Form {
  private readonly drafts = new Map<string, unknown>();
  private readonly shown = new Map<string, unknown>();

  draft(key: string, began: unknown): unknown {
    return this.drafts.has(key) ? this.drafts.get(key) : began;
  }

  keep(key: string, held: unknown): void {
    this.drafts.set(key, held);
  }

  show(key: string, value: unknown): void {
    this.shown.set(key, value);
  }

  hide(key: string): void {
    this.shown.delete(key);
  }

  /** Forget what stood in fields that are not there any more. */
  prune(): void {
    for (const key of this.drafts.keys()) if (!this.shown.has(key)) this.drafts.delete(key);
  }

  /** What is to be sent, by `block_id/action_id`. */
  values(): Record<string, unknown> {
    return Object.fromEntries(this.shown);
  }
}

export const FormContext = createContext<Form | null>(null);

/**
 * What an element holds. In a form it is the form's; elsewhere it is the element's until its app says otherwise.
 *
 * @param began what it holds when nobody touched it
 * @param sent makes of it what is sent; undefined for what is no field of a form
 */
export function useHeld<T>(
  block: Json,
  element: Json,
  began: T,
  sent?: (held: T) => unknown,
): [held: T, put: (next: T) => void] {
  const form = useContext(FormContext);
  const key = `${block.block_id}/${element.action_id}`;
  const [held, setHeld] = useState<T>(() => (form ? (form.draft(key, began) as T) : began));
  const start = JSON.stringify(began);
  const [seen, setSeen] = useState(start);
  if (seen !== start) {
    setSeen(start);
    if (!form) setHeld(began);
  }
  const value = sent?.(held);
  useEffect(() => {
    if (!form || !sent) return undefined;
    form.show(key, value);
    return () => form.hide(key);
  });
  function put(next: T) {
    form?.keep(key, next);
    setHeld(next);
  }
  return [held, put];
}
