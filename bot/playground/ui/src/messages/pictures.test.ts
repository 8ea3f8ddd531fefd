import { expect, test } from "vitest";
import { isPicture } from "./pictures";

const file = (name: string, mimetype?: string) => ({ id: "F1", name, mimetype, url_private: "/files/F1" });

test("pictures by their kind, else by their name, and nothing that may carry script", () => {
  expect(isPicture(file("dish.png", "image/png"))).toBe(true);
  expect(isPicture(file("dish.JPG"))).toBe(true);
  expect(isPicture(file("dish.svg", "image/svg+xml"))).toBe(false);
  expect(isPicture(file("dish.png", "text/html"))).toBe(false);
  expect(isPicture({ id: "F1", name: "dish.png" })).toBe(false);
});
