import { clickedAt } from "./clicks";

// Digits press buttons: the n-th one of the first row of the newest app message that has any, as for somebody who
// votes through many pairs. It works on what is on the screen, so it reads the page itself and not the state.

/** An acknowledged click usually changes its message: until then a digit is likely meant for what comes next. */
const UNCHANGED_MS = 1000;
const FLASH_MS = 250;
const MOST = 9;
const TYPED_IN = "input, select, textarea, [role=menu], [role=listbox], [role=grid], [role=dialog]";

const pane = () => document.querySelector<HTMLElement>(".thread") ?? document.querySelector<HTMLElement>("main");
const typing = () =>
  Boolean(
    document.activeElement?.closest(TYPED_IN) ||
      document.querySelector("dialog[open], .sidebar.open, .inspector:focus-within"),
  );

function seen(article: Element, log: Element): boolean {
  const [inner, outer] = [article.getBoundingClientRect(), log.getBoundingClientRect()];
  return inner.bottom > outer.top && inner.top < outer.bottom;
}

const buttonsIn = (row: Element | null | undefined) => [
  ...(row?.querySelectorAll<HTMLButtonElement>("button.btn") ?? []),
];

/** The row that digits press; null where there is none. A lone button is none: a digit too many must not press it. */
export function rowOfKeys(): HTMLElement | null {
  const log = pane()?.querySelector(".log");
  const articles = [...(log?.querySelectorAll<HTMLElement>("article") ?? [])].reverse();
  const article = articles.find((one) => one.querySelector("[data-row] button.btn"));
  const row = article?.querySelector<HTMLElement>("[data-row]:has(button.btn)");
  return log && article && row && buttonsIn(row).length > 1 && seen(article, log) ? row : null;
}

/** Mark the row, and say so under the field. */
export function showKeys(): void {
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const row = touch || typing() ? null : rowOfKeys();
  for (const marked of document.querySelectorAll<HTMLElement>("[data-keyed]")) {
    if (marked !== row) delete marked.dataset.keyed;
  }
  if (row) row.dataset.keyed = "";
  const count = Math.min(buttonsIn(row).length, MOST);
  const where = pane();
  for (const hint of document.querySelectorAll<HTMLElement>("[data-keys]")) {
    const text =
      count && where?.contains(hint) ? `Keys 1 ${count === 2 ? "and" : "to"} ${count} press the buttons` : "";
    if (hint.textContent !== text) hint.textContent = text;
    hint.hidden = !text;
  }
}

function press(row: HTMLElement, digit: number, channel: string): void {
  const button = buttonsIn(row)[digit - 1];
  const ts = row.closest<HTMLElement>("article")?.dataset.ts ?? "";
  const at = clickedAt(channel, ts);
  if (!button || (at !== null && Date.now() - at < UNCHANGED_MS)) return;
  button.classList.add("flash");
  setTimeout(() => button.classList.remove("flash"), FLASH_MS);
  button.click();
}

/**
 * Let digits press buttons, and letters begin to type.
 *
 * @param channel the channel that is shown; null for none
 * @returns ends it
 */
export function listenToKeys(channel: () => string | null): () => void {
  function pressed(event: KeyboardEvent) {
    const target = event.target as HTMLElement | null;
    // a key held down votes once
    if (event.key === "Enter" && event.repeat && target?.closest("button.btn")) event.preventDefault();
    const where = channel();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !where || typing()) return;
    const row = /^[1-9]$/.test(event.key) ? rowOfKeys() : null;
    if (row) {
      event.preventDefault();
      if (!event.repeat) press(row, Number(event.key), where);
    } else if (event.key.length === 1 && event.key !== " ") {
      pane()?.querySelector("textarea")?.focus(); // the letter itself goes there, too
    }
  }
  const look = () => setTimeout(showKeys);
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", look);
  document.addEventListener("focusout", look);
  document.addEventListener("scroll", look, { passive: true, capture: true });
  return () => {
    observer.disconnect();
    document.removeEventListener("keydown", pressed);
    document.removeEventListener("focusin", look);
    document.removeEventListener("focusout", look);
    document.removeEventListener("scroll", look, { capture: true });
  };
}
