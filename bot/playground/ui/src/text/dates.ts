const DAY_MS = 86_400_000;
const at = (ts: string) => new Date(Number(ts) * 1000);
const midnight = (when: Date) => new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();

export const clock = (ts: string) => at(ts).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
export const moment = (ts: string) => at(ts).toLocaleString([], { dateStyle: "full", timeStyle: "medium" });
export const dayKey = (ts: string) => at(ts).toDateString();

/** The day of a message as people say it: today, yesterday, or the date. */
export function dayName(ts: string, now = new Date()): string {
  const days = Math.round((midnight(at(ts)) - midnight(now)) / DAY_MS);
  if (Math.abs(days) <= 1) {
    const near = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(days, "day");
    return near.charAt(0).toUpperCase() + near.slice(1);
  }
  return at(ts).toLocaleDateString([], { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}
