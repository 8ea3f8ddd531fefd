import { useEffect, useRef, useState } from "react";
import { memory } from "../state/memory";

const LEAST = 340;
const STEP = 24;
const FIRST = 520;

const most = () => Math.max(LEAST, Math.round(window.innerWidth * 0.6));
const fitting = (width: number) => Math.min(most(), Math.max(LEAST, width));

/** The edge of the inspector, to be dragged or moved with the arrow keys. */
export function Resizer() {
  const [width, setWidth] = useState(() => fitting(Number(memory.get("inspector-width")) || FIRST));
  const edge = useRef<HTMLHRElement>(null);
  useEffect(() => {
    const panel = edge.current?.parentElement;
    panel?.style.setProperty("--inspector", `${width}px`);
    memory.set("inspector-width", String(width));
  }, [width]);
  return (
    <hr
      ref={edge}
      className="resizer"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the inspector"
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={most()}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          setWidth(fitting(window.innerWidth - event.clientX));
      }}
      onKeyDown={(event) => {
        const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
        if (step) setWidth((now) => fitting(now + step));
      }}
    />
  );
}
