const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Arrow keys go from message to message, beginning with the last one that is on the screen. */
export function moveFocus(event: React.KeyboardEvent, log: HTMLElement | null): void {
  const step = STEPS[event.key];
  const target = event.target as HTMLElement;
  if (!step || !log || (target !== log && target.tagName !== "ARTICLE")) return;
  const all = [...log.querySelectorAll<HTMLElement>("article")];
  const next = target === log ? all.at(step < 0 ? -1 : 0) : all[all.indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
