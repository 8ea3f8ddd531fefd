import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Json } from "../api/types";
import { recorded, withWorkspace } from "../testing/page";
import { Attachments } from "./Attachments";

withWorkspace();

const shown = (...attachments: Json[]) => {
  const acting = recorded();
  return { acting, ...render(<Attachments attachments={attachments} acting={acting} />) };
};

test("an attachment shows its words, a link that may be followed and its fields", () => {
  const { container } = shown({
    color: "#36A64F",
    pretext: "*Weekly*",
    title: "Build 12",
    title_link: "https://ci.example/12",
    author_name: "ci",
    author_link: "javascript:alert(1)",
    text: "is <https://ci.example|red>",
    fields: [{ title: "Branch", value: "main", short: true }],
    footer: "a minute ago",
    fallback: "not shown",
  });

  expect(screen.getByRole("link", { name: "Build 12" }).getAttribute("href")).toBe("https://ci.example/12");
  expect(screen.getAllByRole("link").map((link) => link.textContent)).toEqual(["Build 12", "red"]);
  expect(container.textContent).toBe("WeeklyciBuild 12is redBranchmaina minute ago");
  expect(container.querySelector<HTMLElement>(".attachment")?.style.borderLeftColor).toBe("#36a64f");
});

test("an attachment of which nothing can be shown says its fallback", () => {
  shown({ fallback: "Build 12 is red", color: "url(evil)" });

  expect(screen.getByText("Build 12 is red").style.borderLeftColor).toBe("");
});

test("a button of an attachment's blocks is pressed", async () => {
  const button = { type: "button", action_id: "again", text: { type: "plain_text", text: "Again" }, value: "12" };
  const { acting } = shown({ color: "danger", blocks: [{ type: "actions", block_id: "b", elements: [button] }] });

  await userEvent.click(screen.getByRole("button", { name: "Again" }));

  expect(acting.acts).toEqual([["again", "12"]]);
});

test("an attachment that is not as it should be spoils nothing", () => {
  shown(
    { title: {}, fields: ["x", null], blocks: {} },
    { text: 5, image_url: "javascript:alert(1)" },
    { text: "fine" },
  );

  expect(screen.getByText("fine")).toBeTruthy();
  expect(screen.queryByRole("img")).toBeNull();
});
