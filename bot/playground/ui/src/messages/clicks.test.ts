import { expect, test } from "vitest";
import { answeredClick, clicked, clickedAt, settledClick } from "./clicks";

test("a click holds keys back until its message says something else", () => {
  clicked("C1", "1");
  expect(clickedAt("C1", "1")).toBe(Number.POSITIVE_INFINITY);
  settledClick("C1", "1");
  expect(clickedAt("C1", "1")).toBeLessThanOrEqual(Date.now());
  answeredClick("C1", "1");
  expect(clickedAt("C1", "1")).toBeNull();
});

test("a message that changes before the app took the click waits for that", () => {
  clicked("C1", "2");
  answeredClick("C1", "2");
  expect(clickedAt("C1", "2")).toBe(Number.POSITIVE_INFINITY);
  settledClick("C1", "2");
  expect(clickedAt("C1", "2")).toBeNull();
  clicked("C1", "2");
  settledClick("C1", "2");
  expect(clickedAt("C1", "2")).not.toBeNull();
});
