import { useRef, useState } from "react";
import type { Json } from "../api/types";
import { confirmed, questionOf } from "../dialogs/confirm";
import type { Acting } from "./acting";

/** What every element gets. */
export interface ElementProps {
  block: Json;
  element: Json;
  acting: Acting;
  /** Of the view, by block id and action id. */
  values?: Record<string, Record<string, Json>>;
  /** Names for a field of a form: whose label, hint and error they are. */
  named?: { id: string; label: string; describedBy?: string; wrong: boolean };
}

/** What the person chose in this element before, as the server knows it. */
export const stateOf = ({ block, element, values }: ElementProps): Json | undefined =>
  values?.[block.block_id]?.[element.action_id];

/**
 * Tell an app what somebody did, after a question where the app wants one; one thing after the other.
 *
 * @returns act, which gives false when the person stepped back; whether the app is being waited for; and once, which
 * is act but for doing nothing while that is so, as buttons want it
 */
export function useAct({ block, element, acting }: ElementProps) {
  const [busy, setBusy] = useState(false);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const under = useRef(0);
  async function told(value: unknown): Promise<boolean> {
    if (element.confirm && !(await confirmed(questionOf(element.confirm)))) return false;
    setBusy(true);
    await acting.act(block, element, value);
    return true;
  }
  async function act(value: unknown): Promise<boolean> {
    under.current += 1;
    const mine = last.current.then(() => told(value));
    last.current = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      under.current -= 1;
      if (!under.current) setBusy(false);
    }
  }
  const once = async (value: unknown) => (under.current ? false : act(value));
  return { act, once, busy };
}

/** Whether the app is told at once: always, but for fields of a form, whose block has to ask for it. */
export const tells = (block: Json): boolean => block.type !== "input" || Boolean(block.dispatch_action);
