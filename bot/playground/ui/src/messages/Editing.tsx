import { useRef, useState } from "react";
import type { Message } from "../api/types";
import { keptFocus } from "../dialogs/focus";
import { act, type Edit, endEdit, viewer, writeEdit } from "../state/store";

/** A person's own message, to be written anew. It may be taken away and drawn again while the list is scrolled. */
export function Editing({ message, begun }: { message: Message; begun: Edit }) {
  const { text, fresh } = begun;
  const [who] = useState(viewer);
  const [back] = useState(keptFocus);
  const form = useRef<HTMLFormElement>(null);
  function leave() {
    const isIn = () => form.current?.contains(document.activeElement);
    if (isIn()) back();
    // where the focus came from is gone
    if (isIn()) form.current?.closest("article")?.focus({ preventScroll: true });
    endEdit(who, message);
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
        autoFocus={fresh}
        aria-label="Edit message"
        value={text}
        onChange={(event) => writeEdit(event.target.value)}
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
