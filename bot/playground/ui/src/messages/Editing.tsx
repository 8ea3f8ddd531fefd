import { useRef, useState } from "react";
import type { Message } from "../api/types";
import { keptFocus } from "../dialogs/focus";
import { act } from "../state/store";

/** A person's own message, to be written anew. */
export function Editing({ message, done }: { message: Message; done: () => void }) {
  const [text, setText] = useState(message.text);
  const [back] = useState(keptFocus);
  const form = useRef<HTMLFormElement>(null);
  function leave() {
    if (form.current?.contains(document.activeElement)) back();
    done();
  }
  async function save() {
    const trimmed = text.trim();
    if (trimmed && trimmed !== message.text) {
      const at = { channel: message.channel, ts: message.ts };
      if ((await act("edit", { ...at, text: trimmed })) === null) return;
    }
    leave();
  }
  return (
    <form
      ref={form}
      className="editing"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        // biome-ignore lint/a11y/noAutofocus: whoever chose "Edit" wants to type here
        autoFocus
        aria-label="Edit message"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            leave();
          } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <div>
        <button type="button" className="btn" onClick={leave}>
          Cancel
        </button>
        <button type="submit" className="btn primary">
          Save
        </button>
      </div>
    </form>
  );
}
