import { useEffect, useState } from "react";
import { shared } from "../state/memory";

type Choice = "system" | "light" | "dark";
const NEXT: Record<Choice, Choice> = { system: "light", light: "dark", dark: "system" };
const SIGN: Record<Choice, string> = { system: "◐", light: "☀", dark: "☾" };

const query = () => window.matchMedia("(prefers-color-scheme: dark)");
const chosen = (): Choice => {
  const kept = shared.get("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
};

/** Set the theme on <html>: what the person chose, or what their system says. */
export function applyTheme(choice: Choice = chosen()): void {
  document.documentElement.dataset.theme = choice === "system" ? (query().matches ? "dark" : "light") : choice;
}

/** A button that goes through system, light and dark. */
export function ThemeButton() {
  const [choice, setChoice] = useState<Choice>(chosen);
  useEffect(() => {
    const media = query();
    const follow = () => applyTheme(choice);
    follow();
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [choice]);
  return (
    <button
      type="button"
      className="icon"
      title={`Colours: ${choice}. Click for ${NEXT[choice]}.`}
      aria-label={`Colours: ${choice}`}
      onClick={() => {
        shared.set("theme", NEXT[choice]);
        setChoice(NEXT[choice]);
      }}
    >
      {SIGN[choice]}
    </button>
  );
}

const applied = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

/** The theme that is set now, for what draws by itself. */
export function useTheme(): "light" | "dark" {
  const [theme, setTheme] = useState<"light" | "dark">(applied);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(applied()));
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
