import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from "react";

const LEAST_ROOM = 240;
const GAP = 4;
const MOST_HEIGHT = 320;

/** Put `box` below `anchor`, or above it where there is more room, within the window. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  const up = below < LEAST_ROOM && at.top > below;
  box.style.maxHeight = `${Math.max(120, Math.min(MOST_HEIGHT, (up ? at.top : below) - 2 * GAP))}px`;
  box.style.minWidth = `${Math.min(at.width, window.innerWidth - 2 * GAP)}px`;
  box.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - box.offsetWidth - GAP))}px`;
  box.style.top = up ? "auto" : `${at.bottom + GAP}px`;
  box.style.bottom = up ? `${window.innerHeight - at.top + GAP}px` : "auto";
}

interface Props {
  anchor: RefObject<HTMLElement | null>;
  /** Called when somebody presses elsewhere. */
  close: () => void;
  className?: string;
  children: ReactNode;
}

/** What opens at an element, above everything else: in the browser's top layer, so that nothing cuts it off. */
export function Popup({ anchor, close, className = "", children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.showPopover?.();
  }, []);
  useLayoutEffect(() => {
    if (box.current && anchor.current) place(box.current, anchor.current);
  });
  useEffect(() => {
    const follow = () => {
      if (box.current && anchor.current) place(box.current, anchor.current);
    };
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) close();
    };
    window.addEventListener("scroll", follow, true);
    window.addEventListener("resize", follow);
    document.addEventListener("pointerdown", outside);
    return () => {
      window.removeEventListener("scroll", follow, true);
      window.removeEventListener("resize", follow);
      document.removeEventListener("pointerdown", outside);
    };
  }, [anchor, close]);
  return (
    <div ref={box} popover="manual" className={`popup ${className}`}>
      {children}
    </div>
  );
}
