import { useEffect, useRef, useState } from "react";
import { searchEmoji } from "../text/emoji";

const MOST = 40;
const USUAL = ["+1", "eyes", "heart", "tada", "thinking_face", "pizza", "white_check_mark", "joy"];

interface Props {
  pick: (name: string) => void;
  /** Called when somebody presses elsewhere. */
  close: () => void;
  /** Called at Escape. */
  back: () => void;
}

/** A field to look for an emoji in, and what was found. Escape, or a click elsewhere, closes it. */
export function EmojiPicker({ pick, close, back }: Props) {
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const found = typed.length > 1 ? searchEmoji(typed, MOST) : USUAL.flatMap((name) => searchEmoji(name, 1));
  useEffect(() => {
    field.current?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [close]);
  return (
    <div
      ref={box}
      className="menu emoji-picker"
      role="dialog"
      aria-label="Add a reaction"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        back();
      }}
    >
      <input
        ref={field}
        className="control"
        type="search"
        placeholder="Search emoji"
        aria-label="Search emoji"
        value={typed}
        onChange={(event) => setTyped(event.target.value.toLowerCase().replaceAll(":", ""))}
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key !== "Enter" || !first) return;
          event.preventDefault(); // else it would press the button that gets the focus
          pick(first.name);
        }}
      />
      <div className="grid">
        {found.map(({ name, emoji }) => (
          <button key={name} type="button" title={`:${name}:`} aria-label={name} onClick={() => pick(name)}>
            {emoji}
          </button>
        ))}
      </div>
      {found.length ? null : <p className="empty">No emoji of this name.</p>}
    </div>
  );
}
