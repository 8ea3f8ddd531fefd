const DAY_MS = 86_400_000;
const at = (ts: string) => new Date(Number(ts) * 1000);
const midnight = (when: Date) => new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
const daysFrom = (when: Date, now: Date) => Math.round((midnight(when) - midnight(now)) / DAY_MS);

export const clock = (ts: string) => at(ts).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
export const moment = (ts: string) => at(ts).toLocaleString([], { dateStyle: "full", timeStyle: "medium" });
export const dayKey = (ts: string) => at(ts).toDateString();

/** The day of a message as people say it: today, yesterday, or the date. */
export function dayName(ts: string, now = new Date()): string {
  const days = daysFrom(at(ts), now);
  if (Math.abs(days) <= 1) {
    const near = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
    return near.charAt(0).toUpperCase() + near.slice(1);
  }
  return at(ts).toLocaleDateString([], { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}

/** The language for a reader's dates: their locale, or that of their browser when it is the same language. */
export function speechOf(locale: string | undefined, browser = navigator.language): string {
  const asked = (locale || "en-US").replace("_", "-");
  try {
    const [reader] = Intl.getCanonicalLocales(asked);
    return reader?.split("-")[0] === browser.split("-")[0] ? browser : (reader ?? "en-US");
  } catch {
    return "en-US";
  }
}

const two = (part: number) => String(part).padStart(2, "0");

function ago(when: Date, now: Date, speech: string): string {
  const seconds = Math.round((when.getTime() - now.getTime()) / 1000);
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [
    [60, "second"],
    [60, "minute"],
    [24, "hour"],
    [30, "day"],
    [12, "month"],
  ];
  let amount = seconds;
  for (const [most, unit] of steps) {
    if (Math.abs(amount) < most) return new Intl.RelativeTimeFormat(speech, { numeric: "auto" }).format(amount, unit);
    amount = Math.round(amount / most);
  }
  return new Intl.RelativeTimeFormat(speech, { numeric: "auto" }).format(amount, "year");
}

/** What Slack's names for parts of a date mean; those with `_pretty` say today, yesterday and tomorrow. */
const SHAPES: Record<string, Intl.DateTimeFormatOptions> = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_long_full: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  day_divider: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/**
 * Fill in the format of one of Slack's date tokens, such as `{date_pretty} at {time}`.
 *
 * @param when the moment; it is told in the browser's time zone
 * @param format text with names in braces; unknown names stay as they are
 * @param speech language, as of `speechOf`
 */
export function dated(when: Date, format: string, speech: string, now = new Date()): string {
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "date_num") return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
    if (name === "ago") return ago(when, now, speech);
    const shape = SHAPES[name.replace("_pretty", "")];
    if (!shape) return whole;
    const days = daysFrom(when, now);
    if (name.endsWith("_pretty") && Math.abs(days) <= 1) {
      return new Intl.RelativeTimeFormat(speech, { numeric: "auto" }).format(days, "day");
    }
    return new Intl.DateTimeFormat(speech, shape).format(when);
  });
}
