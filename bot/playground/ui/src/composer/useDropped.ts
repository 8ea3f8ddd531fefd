import { type RefObject, useEffect, useRef, useState } from "react";

/** Whether files are being dragged over the conversation that an element stands in; what is dropped there is taken. */
export function useDropped(inside: RefObject<HTMLElement | null>, take: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const pane = inside.current?.closest<HTMLElement>("main, .thread");
    if (!pane) return;
    const ends = new AbortController();
    const listen = (kind: "dragover" | "dragleave" | "drop", heard: (event: DragEvent) => void) =>
      pane.addEventListener(kind, heard, { signal: ends.signal });
    listen("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    });
    listen("dragleave", (event) => {
      if (!pane.contains(event.relatedTarget as Node | null)) setOver(false);
    });
    listen("drop", (event) => {
      setOver(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      latest.current([...event.dataTransfer.files]);
    });
    return () => ends.abort();
  }, [inside]);
  return over;
}
