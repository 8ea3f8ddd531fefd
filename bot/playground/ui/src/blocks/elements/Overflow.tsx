import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import type { Json } from "../../api/types";
import { safeHref } from "../../text/links";
import { type ElementProps, useAct } from "../acts";
import { Popup } from "../Popup";
import { Text, wordsOf } from "../Text";

/** The menu behind three dots. */
export function Overflow(props: ElementProps) {
  const { element } = props;
  const options: Json[] = element.options ?? [];
  const { once, busy } = useAct(props);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = useCallback(() => setOpen(false), []);
  useEffect(() => {
    if (open) menu.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [open]);

  function pick(option: Json) {
    setOpen(false);
    button.current?.focus();
    const href = safeHref(option.url);
    if (href && /^http/i.test(href)) window.open(href, "_blank", "noopener,noreferrer");
    void once(option.value);
  }
  function key(event: KeyboardEvent) {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    if (event.key in step) items.at((step[event.key] as number) % items.length)?.focus();
    else if (event.key === "Escape") {
      setOpen(false);
      button.current?.focus();
    } else {
      if (event.key === "Tab") setOpen(false);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="btn more"
        data-act={element.action_id}
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-disabled={busy || undefined}
        onClick={() => busy || setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        ⋯
      </button>
      {open ? (
        <Popup anchor={button} close={close}>
          <div ref={menu} role="menu" tabIndex={-1} aria-label="More actions" onKeyDown={key}>
            {options.map((option) => (
              <button
                key={option.value}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className="choice"
                aria-label={wordsOf(option.text)}
                onClick={() => pick(option)}
              >
                <span>
                  <Text of={option.text} />
                  {option.description ? (
                    <small>
                      {" "}
                      <Text of={option.description} />
                    </small>
                  ) : null}
                </span>
              </button>
            ))}
          </div>
        </Popup>
      ) : null}
    </>
  );
}
