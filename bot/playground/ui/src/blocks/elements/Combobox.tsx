import { useCallback, useId, useMemo, useRef, useState } from "react";
import { Plain } from "../../text/Mrkdwn";
import type { Group, Option } from "../options";
import { Popup } from "../Popup";
import { Choices } from "./Choices";

const FEW = 8;
const plainly = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The options that fit what was typed, their groups kept. */
export function fitting(groups: Group[], typed: string): Group[] {
  const asked = plainly(typed.trim());
  if (!asked) return groups;
  const fits = ({ label, description }: Option) => plainly(`${label} ${description ?? ""}`).includes(asked);
  return groups
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length > 0);
}

interface Props {
  id?: string;
  label: string;
  placeholder: string;
  groups: Group[];
  chosen: Option[];
  /** Whether several can be chosen, and how many at most. */
  many: boolean;
  most?: number;
  /** Whether the choice can be taken back. */
  clearable: boolean;
  wrong?: boolean;
  describedBy?: string;
  busy?: boolean;
  /** Told what is typed, where somebody else looks for what fits. */
  search?: (typed: string) => void;
  /** Whether the options are those of what was typed before: then Enter chooses none of them. */
  stale?: boolean;
  /** Said in place of options while there are none. */
  note?: string;
  choose: (next: Option[]) => void;
}

/** A menu in which one can look for an option by typing: a combobox with a list, for one choice or for several. */
export function Combobox(props: Props) {
  const { groups, chosen, many, most = Number.POSITIVE_INFINITY, clearable, search, choose, label } = props;
  const own = useId();
  const listId = `${own}list`;
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(-1);

  const shown = useMemo(() => (search ? groups : fitting(groups, typed ?? "")), [groups, typed, search]);
  const flat = useMemo(() => shown.flatMap((group) => group.options), [shown]);
  const isChosen = (option: Option) => chosen.some((one) => one.value === option.value);
  const full = many && chosen.length >= most;
  const total = groups.reduce((sum, group) => sum + group.options.length, 0);

  const close = useCallback(() => {
    setOpen(false);
    setTyped(null);
    setActive(-1);
  }, []);
  function show() {
    if (open) return;
    setOpen(true);
    setActive(flat.findIndex(isChosen));
    // what is typed now takes the place of what was chosen; at once, or it would take the place of its own first letter
    field.current?.select();
    if (search) search("");
  }
  function pick(option: Option | undefined) {
    if (!option) return;
    if (!many) {
      close();
      if (!isChosen(option)) choose([option]);
      return;
    }
    if (isChosen(option)) choose(chosen.filter((one) => one.value !== option.value));
    else if (!full) choose([...chosen, option]);
    setTyped(null);
    if (search && typed) search("");
    field.current?.focus();
  }
  function move(by: number) {
    if (!open) show();
    else if (flat.length)
      setActive((now) => (now < 0 && by < 0 ? flat.length - 1 : (now + by + flat.length) % flat.length));
  }

  /** Do what a key means here; whether it meant something. */
  function press(key: string): boolean {
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        move(key === "ArrowDown" ? 1 : -1);
        return true;
      case "Enter":
        if (open && !props.stale) pick(flat[Math.max(active, 0)]);
        return open;
      case "Escape":
      case "Tab":
        close();
        return open && key === "Escape";
      case "Backspace":
        if (!many || typed || !chosen.length) return false;
        choose(chosen.slice(0, -1));
        return true;
      default:
        return false;
    }
  }

  const activeId = open && flat[active] ? `${listId}-${active}` : undefined;
  const text = typed ?? (many ? "" : (chosen[0]?.label ?? ""));
  return (
    <div ref={box} className={`combo ${open ? "open" : ""}`} aria-busy={props.busy || undefined}>
      {many
        ? chosen.map((option) => (
            <span key={option.value} className="chip">
              <span>
                <Plain text={option.label} />
              </span>
              <button
                type="button"
                aria-label={`Remove ${option.label}`}
                onClick={() => {
                  choose(chosen.filter((one) => one.value !== option.value));
                  field.current?.focus();
                }}
              >
                ✕
              </button>
            </span>
          ))
        : null}
      <input
        ref={field}
        id={props.id}
        role="combobox"
        type="text"
        autoComplete="off"
        spellCheck={false}
        // a phone need not show its keyboard for a handful of options
        inputMode={!search && total <= FEW && matchMedia("(pointer: coarse)").matches ? "none" : "search"}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-haspopup="listbox"
        aria-autocomplete="list"
        aria-activedescendant={activeId}
        aria-invalid={props.wrong || undefined}
        aria-describedby={props.describedBy}
        placeholder={many && chosen.length ? "" : props.placeholder}
        value={text}
        onMouseUp={(event) => {
          // or the browser would set the caret after the click, and what is selected by it would be so no more
          if (!open) event.preventDefault();
        }}
        onClick={show}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setActive(0);
          search?.(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || !press(event.key)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onBlur={(event) => {
          if (!box.current?.contains(event.relatedTarget)) close();
        }}
      />
      {clearable && !many && chosen.length ? (
        <button
          type="button"
          className="clear"
          aria-label={`Clear ${label}`}
          onClick={() => {
            close();
            choose([]);
            field.current?.focus();
          }}
        >
          ✕
        </button>
      ) : null}
      <span className="arrow" aria-hidden="true" />
      {open ? (
        <Popup anchor={box} close={close}>
          <Choices
            id={listId}
            label={label}
            groups={shown}
            many={many}
            active={active}
            isChosen={isChosen}
            isOff={(option) => full && !isChosen(option)}
            note={flat.length ? (full ? `No more than ${most} can be chosen.` : "") : (props.note ?? "Nothing fits.")}
            point={setActive}
            pick={pick}
          />
        </Popup>
      ) : null}
    </div>
  );
}
