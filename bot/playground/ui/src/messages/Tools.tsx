import { useCallback, useEffect, useRef, useState } from "react";
import type { App, Message, Shortcut, Taken } from "../api/types";
import { confirmed } from "../dialogs/confirm";
import { permalink } from "../state/route";
import { roleOf, useApps, useMe } from "../state/select";
import { act, announce, tellUnlessAcked, toast } from "../state/store";
import { emojiOf } from "../text/emoji";
import { EmojiPicker } from "./EmojiPicker";
import { react } from "./Reactions";

const QUICK = ["+1", "eyes"];

interface Item {
  label: string;
  danger?: boolean;
  run: () => unknown;
}

async function runShortcut(message: Message, app: App, shortcut: Shortcut) {
  const where = { channel: message.channel, ts: message.ts, callback_id: shortcut.callback_id };
  tellUnlessAcked(await act<Taken>("shortcut", where), app.id);
}

async function remove(message: Message, log: HTMLElement | null | undefined) {
  const sure = {
    title: "Delete this message?",
    text: "It is gone for everybody then.",
    confirm: "Delete",
    danger: true,
  };
  if (!(await confirmed(sure))) return;
  if (!(await act("delete", { channel: message.channel, ts: message.ts }))) return;
  announce("Deleted.");
  log?.focus({ preventScroll: true }); // what had the focus is gone
}

async function copyLink(message: Message) {
  const link = permalink(message.channel, message.ts);
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied.");
  } catch {
    toast(link);
  }
}

/**
 * Let the focus stay in the message while one of its buttons is pressed: on a narrow page the row is drawn for the
 * focus only, and would be gone before the button has it.
 */
function stay(event: React.MouseEvent<HTMLElement>) {
  const button = (event.target as Element).closest("button");
  if (button && event.currentTarget.parentElement?.contains(document.activeElement)) event.preventDefault();
}

/** What can be done with a message: reactions and replies at once, the rest and the apps' shortcuts in a menu. */
export function Tools(props: { message: Message; openThread: ((root: string) => void) | null; edit: () => void }) {
  const { message, openThread, edit } = props;
  const me = useMe();
  const apps = useApps();
  const [open, setOpen] = useState<"menu" | "emoji" | null>(null);
  const close = useCallback(() => setOpen(null), []);
  const smile = useRef<HTMLButtonElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  if (message.ephemeral || message.subtype === "tombstone") return null;
  const at = { channel: message.channel, ts: message.ts };
  const own = message.user === me.id;
  /** Close what is open; the focus goes to its button. */
  function back() {
    (open === "emoji" ? smile : more).current?.focus();
    close();
  }
  const log = () => more.current?.closest<HTMLElement>(".log");
  const items: Item[] = [
    ...apps.flatMap((app) =>
      app.shortcuts
        .filter((shortcut) => shortcut.kind === "message")
        .map((shortcut) => ({ label: shortcut.name, run: () => runShortcut(message, app, shortcut) })),
    ),
    { label: "Copy link", run: () => copyLink(message) },
    ...(message.pinned === undefined
      ? []
      : [
          message.pinned
            ? { label: "Remove pin", run: () => act("unpin", at) }
            : { label: "Pin to channel", run: () => act("pin", at) },
        ]),
    ...(own ? [{ label: "Edit message", run: edit }] : []),
    ...(own || roleOf(me) === "admin"
      ? [{ label: "Delete message", danger: true, run: () => remove(message, log()) }]
      : []),
  ];
  return (
    <div className="tools" role="toolbar" aria-label="What to do with this message" onMouseDown={stay}>
      {QUICK.map((name) => (
        <button
          key={name}
          type="button"
          className="icon"
          title={`React with ${name}`}
          aria-label={`React with ${name}`}
          onClick={() => void react(message, name, me.id)}
        >
          {emojiOf(name)}
        </button>
      ))}
      <button
        ref={smile}
        type="button"
        className="icon"
        title="Add a reaction"
        aria-label="Add a reaction"
        aria-haspopup="dialog"
        aria-expanded={open === "emoji"}
        onClick={() => setOpen(open === "emoji" ? null : "emoji")}
      >
        ☺
      </button>
      {openThread ? (
        <button
          type="button"
          className="icon"
          title="Reply in thread"
          aria-label="Reply in thread"
          onClick={() => openThread(message.thread_ts ?? message.ts)}
        >
          💬
        </button>
      ) : null}
      <button
        ref={more}
        type="button"
        className="icon"
        title="More"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open === "menu"}
        onClick={() => setOpen(open === "menu" ? null : "menu")}
      >
        ⋯
      </button>
      {open === "menu" ? <Menu items={items} close={close} back={back} /> : null}
      {open === "emoji" ? (
        <EmojiPicker
          close={close}
          back={back}
          pick={(name) => {
            back();
            void react(message, name, me.id);
          }}
        />
      ) : null}
    </div>
  );
}

function Menu({ items, close, back }: { items: Item[]; close: () => void; back: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector("button")?.focus();
    const outside = (event: PointerEvent) => {
      if (!list.current?.parentElement?.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [close]);

  function onKeyDown(event: React.KeyboardEvent) {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.stopPropagation();
      back();
    }
  }

  return (
    <ul className="menu" role="menu" ref={list} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <li key={item.label} role="none">
          <button
            type="button"
            role="menuitem"
            className={item.danger ? "danger" : ""}
            onClick={() => {
              back();
              void item.run();
            }}
          >
            {item.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
