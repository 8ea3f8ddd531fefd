import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Channel, Message, Taken } from "../api/types";
import { useOverview } from "../state/select";
import { act, edit, tellUnlessAcked, useStore, viewer } from "../state/store";
import { Suggest } from "./Suggest";
import { type Suggestion, suggestions } from "./suggestions";
import { useDropped } from "./useDropped";
import { useUploads } from "./useUploads";

/** Text that something else put into the field; a new object puts it in again. */
export interface Draft {
  text: string;
}

interface Props {
  channel: Channel;
  /** The thread that is written to; null writes to the channel. */
  thread: string | null;
  label: string;
  draft: Draft | null;
  /** Questions to be put into the field. */
  offered: string[];
  offer?: (question: string) => void;
  /** Called after a message was sent. */
  sent?: (ts: string, text: string) => void;
}

const touch = () => window.matchMedia("(pointer: coarse)").matches;
const drafts = new Map<string, string>();

/** The app that owns a slash command. */
const ownerOf = (text: string) =>
  useStore.getState().overview?.apps.find((app) => app.commands.some((one) => one.name === text.split(/\s/)[0]));

/** Where people type: mentions, channels, emoji and commands are offered while typing. */
export function Composer({ channel, thread, label, draft, offered, offer, sent }: Props) {
  const overview = useOverview();
  const key = `${overview.viewer}:${channel.id}:${thread ?? ""}`;
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(drafts.get(key) ?? "");
  const uploads = useUploads(() => setWaiting(false));
  const { files, setFiles, uploading } = uploads;
  /** Whether what stands here is sent as soon as all is uploaded. */
  const [waiting, setWaiting] = useState(false);
  const [found, setFound] = useState<Suggestion[]>([]);
  const [at, setAt] = useState(-1);
  /** Where the caret was when something was found. */
  const caretThen = useRef(0);
  const [ready, setReady] = useState(false);
  const [broadcast, setBroadcast] = useState(false);
  const listId = useId();
  const prompts = thread ? null : channel.prompts;
  const following = useRef(false);

  useEffect(() => {
    drafts.set(key, text);
  }, [key, text]);

  useEffect(() => {
    if (!draft) return;
    setText(draft.text);
    setReady(true);
    if (!touch()) box.current?.focus();
  }, [draft]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  function close() {
    setFound([]);
    setAt(-1);
  }

  function typed(value: string) {
    setText(value);
    setWaiting(false);
    caretThen.current = box.current?.selectionStart ?? value.length;
    const next = suggestions(value.slice(0, caretThen.current), overview);
    setFound(next);
    setAt(next.length && !value.startsWith("/") ? 0 : -1);
  }

  /** What was found is for where the caret was. */
  function moved({ selectionStart, selectionEnd }: HTMLTextAreaElement) {
    if (selectionStart !== caretThen.current || selectionEnd !== caretThen.current) close();
  }

  function take(one: Suggestion) {
    if (one.shortcut) {
      setText("");
      close();
      const { app_id, callback_id } = one.shortcut;
      void act<Taken>("shortcut", { callback_id }).then((taken) => tellUnlessAcked(taken, app_id));
      return;
    }
    const caret = box.current?.selectionStart ?? text.length;
    const before = text.slice(0, caret - one.replaces.length) + one.put;
    // drawn at once: whoever goes on typing before the next frame would have the caret put back
    flushSync(() => {
      setText(before + text.slice(caret));
      close();
    });
    box.current?.focus();
    box.current?.setSelectionRange(before.length, before.length);
  }

  /** Say what was suggested; what is half written stays. */
  async function follow(suggestion: string) {
    if (!touch()) box.current?.focus(); // its button goes
    if (following.current) return; // the second click of two
    following.current = true;
    const posted = await act<Pick<Message, "ts">>("say", { channel: channel.id, text: suggestion }).finally(() => {
      following.current = false;
    });
    if (posted) sent?.(posted.ts, suggestion);
  }

  async function send() {
    if (uploading) {
      setWaiting(true);
      return;
    }
    const said = text.trim();
    if (!said && !files.length) return;
    const where = { channel: channel.id, ...(thread ? { thread_ts: thread } : {}) };
    const attached = files;
    setText("");
    setFiles([]);
    setReady(false);
    close();
    if (said.startsWith("/") && !attached.length) {
      const taken = await act<Taken>("command", { ...where, text: said });
      if (taken === null) setText((now) => now || said);
      else if (ownerOf(said)) tellUnlessAcked(taken, ownerOf(said)?.id);
      return;
    }
    const posted = await act<Pick<Message, "ts">>("say", {
      ...where,
      text: said,
      ...(attached.length ? { files: attached } : {}),
      ...(broadcast ? { broadcast } : {}),
    });
    setBroadcast(false);
    if (posted) sent?.(posted.ts, said);
    else {
      setText((now) => now || said);
      setFiles(attached);
    }
  }

  function attach(chosen: File[]) {
    if (picker.current) picker.current.value = "";
    box.current?.focus();
    void uploads.attach(chosen);
  }

  useEffect(() => {
    if (!waiting || uploading) return;
    setWaiting(false);
    void send();
  });

  const dropping = useDropped(box, attach);

  function editLast() {
    const log =
      useStore.getState().logs[thread ? "threads" : "channels"][thread ? `${channel.id}:${thread}` : channel.id];
    const own = log?.messages.findLast((message) => message.user === viewer() && !message.ephemeral);
    if (own) edit(own);
  }

  function onKeyDown(event: React.KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (found.length && step) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (found.length && event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (found.length && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(found[Math.max(at, 0)] as Suggestion);
    } else if (event.key === "ArrowUp" && !text) {
      event.preventDefault();
      editLast();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const one = at >= 0 ? found[at] : undefined;
      if (one && (one.shortcut || one.put.trim() !== one.replaces)) take(one);
      else void send();
    }
  }

  return (
    <form
      className={`composer ${dropping ? "dropping" : ""}`}
      aria-label={thread ? "Reply" : "New message"}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {prompts ? (
        <section className="chips prompts" aria-label={prompts.title ?? "Suggested"}>
          <span title={prompts.title ?? undefined}>{prompts.title ?? "Suggested:"}</span>
          {prompts.prompts.map((prompt) => (
            <button
              key={prompt.title}
              type="button"
              className="offered"
              title={prompt.message}
              onClick={() => void follow(prompt.message)}
            >
              {prompt.title}
            </button>
          ))}
        </section>
      ) : offered.length ? (
        <div className="chips">
          <span>Try:</span>
          {offered.map((question) => (
            <button key={question} type="button" className="offered" onClick={() => offer?.(question)}>
              {question}
            </button>
          ))}
        </div>
      ) : null}
      {files.length || uploading ? (
        <div className="attached">
          {files.map((file) => (
            <button
              key={file.id}
              type="button"
              className="offered"
              aria-label={`Remove ${file.name}`}
              onClick={() => setFiles(files.filter((one) => one !== file))}
            >
              📄 <span>{file.name}</span> ✕
            </button>
          ))}
          {uploading ? <span role="status">{waiting ? "Uploading, then it is sent…" : "Uploading…"}</span> : null}
        </div>
      ) : null}
      <div className="frame">
        <Suggest id={listId} found={found} at={at} take={take} />
        <button
          type="button"
          className="icon"
          title="Attach a file"
          aria-label="Attach a file"
          onClick={() => picker.current?.click()}
        >
          +
        </button>
        <input ref={picker} type="file" multiple hidden onChange={(event) => attach([...(event.target.files ?? [])])} />
        <textarea
          ref={box}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => typed(event.target.value)}
          onSelect={(event) => moved(event.currentTarget)}
          onBlur={close}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            // copied text may come with a picture of itself, as from a spreadsheet: then the text is meant
            if (event.clipboardData.types.includes("text/plain") || !event.clipboardData.files.length) return;
            event.preventDefault();
            attach([...event.clipboardData.files]);
          }}
        />
        <button type="submit" className={`btn primary ${ready ? "ready" : ""}`} aria-label="Send" title="Send">
          ➤
        </button>
      </div>
      {thread ? (
        <label className="broadcast">
          <input type="checkbox" checked={broadcast} onChange={(event) => setBroadcast(event.target.checked)} />
          Also send to the channel
        </label>
      ) : null}
      <p className="hint">
        <kbd>Enter</kbd> sends, <kbd>Shift+Enter</kbd> makes a new line, <kbd>@</kbd> mentions, <kbd>/</kbd> commands
      </p>
      <p className="keys" data-keys hidden />
    </form>
  );
}
