import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { create } from "zustand";
import type { Json } from "../api/types";
import { Mrkdwn, Plain } from "../text/Mrkdwn";
import { useShown } from "./focus";

/** A question before something counts. */
export interface Question {
  title: string;
  text: ReactNode;
  confirm: string;
  deny?: string;
  /** Whether it cannot be taken back. */
  danger?: boolean;
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

const useAsked = create<{ asked: Asked[] }>(() => ({ asked: [] }));

/** Ask the person; gives whether they said yes. `<Questions/>` shows it. */
export function confirmed(question: Question): Promise<boolean> {
  return new Promise((settle) => {
    const one: Asked = {
      ...question,
      answer: (yes) => {
        useAsked.setState(({ asked }) => ({ asked: asked.filter((other) => other !== one) }));
        settle(yes);
      },
    };
    useAsked.setState(({ asked }) => ({ asked: [...asked, one] }));
  });
}

/** The question of a Block Kit confirm object. */
export function questionOf(box: Json): Question {
  const text = box.text ?? {};
  return {
    title: box.title?.text || "Are you sure?",
    text: text.type === "mrkdwn" ? <Mrkdwn text={text.text} /> : <Plain text={text.text} />,
    confirm: box.confirm?.text || "Yes",
    deny: box.deny?.text || "Cancel",
    danger: box.style === "danger",
  };
}

function Dialog({ question }: { question: Asked }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const yes = useRef<HTMLButtonElement>(null);
  const id = useId();
  useShown(dialog);
  useLayoutEffect(() => yes.current?.focus(), []);
  return (
    <dialog
      ref={dialog}
      className="dialog question"
      aria-labelledby={`${id}t`}
      aria-describedby={`${id}c`}
      onCancel={(event) => {
        event.preventDefault();
        question.answer(false);
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          question.answer(true);
        }}
      >
        <header>
          <h2 id={`${id}t`} className="grow">
            {question.title}
          </h2>
          <button type="button" className="icon" aria-label="Close" onClick={() => question.answer(false)}>
            ✕
          </button>
        </header>
        <div id={`${id}c`} className="content body">
          {question.text}
        </div>
        <footer>
          <button type="button" className="btn" onClick={() => question.answer(false)}>
            {question.deny ?? "Cancel"}
          </button>
          <button ref={yes} type="submit" className={`btn ${question.danger ? "danger" : "primary"}`}>
            {question.confirm}
          </button>
        </footer>
      </form>
    </dialog>
  );
}

/** Where questions are asked: one at a time, the oldest first. */
export function Questions() {
  const first = useAsked((now) => now.asked[0]);
  return first ? <Dialog key={first.title} question={first} /> : null;
}
