import { expect, test } from "vitest";
import { dated, dayName, speechOf } from "./dates";

const now = new Date(2026, 10, 27, 12, 0, 0);
const on = (day: number, hour = 9, minute = 5) => new Date(2026, 10, day, hour, minute, 7);

test("the parts of a date, in the language of the reader", () => {
  expect(dated(on(3), "{date_num}", "en-US", now)).toBe("2026-11-03");
  expect(dated(on(3), "{date} / {date_short} / {date_slash}", "en-US", now)).toBe(
    "November 3, 2026 / Nov 3, 2026 / 11/03/2026",
  );
  expect(dated(on(3), "{date_long}", "de-DE", now)).toBe("Dienstag, 3. November 2026");
  expect(dated(on(3), "{time_secs}", "de-DE", now)).toBe("9:05:07");
  expect(dated(on(3), "{nothing} of it", "en-US", now)).toBe("{nothing} of it");
});

test("near days have names", () => {
  expect(dated(on(27), "{date_pretty}", "en-US", now)).toBe("today");
  expect(dated(on(26), "{date_short_pretty}", "de-DE", now)).toBe("gestern");
  expect(dated(on(28, 0, 1), "{date_long_pretty}", "en-US", now)).toBe("tomorrow");
  expect(dated(on(25), "{date_pretty}", "en-US", now)).toBe("November 25, 2026");
  expect(dayName(String(on(26).getTime() / 1000), now)).toBe("Yesterday");
});

test("how long ago", () => {
  expect(dated(on(27, 11, 50), "{ago}", "en-US", now)).toBe("10 minutes ago");
  expect(dated(on(27, 15, 0), "{ago}", "de-DE", now)).toBe("in 3 Stunden");
  expect(dated(on(20), "{ago}", "en-US", now)).toBe("7 days ago");
});

test("the browser's habits count where it speaks the reader's language", () => {
  expect(speechOf("en-US", "en-GB")).toBe("en-GB");
  expect(speechOf("de-DE", "en-GB")).toBe("de-DE");
  expect(speechOf(undefined, "de-AT")).toBe("en-US");
  expect(speechOf("not a locale", "de-AT")).toBe("en-US");
});
