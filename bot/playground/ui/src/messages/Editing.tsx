import { useState } from "react";
import type { Message } from "../api/types";
import { act } from "../state/store";

/** A person's own message, to be written anew. */
export function Editing({ message, done }: { message: Message; done: () => void }) {
  const [text, setText] = useState(message.text);
  async function save() {
    const trimmed = text.trim();
    if (trimmed && trimmed !== message.text) {
      const at = { channel: message.channel, ts: message.ts };
      if ((await act("edit", { ...at, text: trimmed })) === null) return;
    }
    done();
  }
  return (
    <form
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
            done();
          } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            void save();
          }
        }}
      />
      <div>
        <button type="button" className="btn" onClick={done}>
          Cancel
        </button>
        <button type="submit" className="btn primary">
          Save
        </button>
      </div>
    </form>
  );
}
