import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Json, View } from "../api/types";
import { useStore } from "../state/store";
import { withWorkspace } from "../testing/page";
import { Modals } from "./Modals";

withWorkspace();
const plain = (text: string) => ({ type: "plain_text", text });
const input = (block_id: string, label: string, more: Json = {}) => ({
  type: "input",
  block_id,
  label: plain(label),
  element: { type: "plain_text_input", action_id: "a", ...more },
});
const view = (id: string, more: Partial<View> = {}): View => ({
  id,
  hash: "1",
  kind: "modal",
  app_id: "A1",
  user: "U1",
  title: `Form ${id}`,
  submit: "Save",
  close: "Cancel",
  blocks: [input("one", "One"), input("two", "Two", { initial_value: "begun" })],
  values: {},
  errors: {},
  previous: null,
  ...more,
});
const open = (...modals: View[]) => act(() => useStore.setState({ screen: { modals, homes: [] } }));

let calls: [verb: string, body: Json][] = [];
let answers: Record<string, () => Promise<Json>> = {};
beforeEach(() => {
  calls = [];
  answers = {};
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => {
    const verb = url.replace("/control/", "");
    calls.push([verb, JSON.parse(body)]);
    const answer = (await answers[verb]?.()) ?? { errors: {}, error: null, view_id: null };
    return { ok: !answer.refused, json: async () => (answer.refused ? { error: answer.refused } : answer) };
  });
});
afterEach(() => vi.unstubAllGlobals());

test("a form is submitted with all that stands in it, by block and action", async () => {
  render(<Modals />);
  open(view("V1"));
  expect(document.activeElement).toBe(screen.getByLabelText("One"));
  await userEvent.type(screen.getByLabelText("One"), "typed{Enter}");
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]).toEqual(["submit", { user: "U1", view_id: "V1", values: { "one/a": "typed", "two/a": "begun" } }]);
});

test("what was typed stays when the app changes the form, for as long as the ids stay", async () => {
  render(<Modals />);
  open(view("V1"));
  await userEvent.type(screen.getByLabelText("One"), "typed");
  await userEvent.type(screen.getByLabelText("Two"), " on");
  const blocks = [
    { type: "section", block_id: "s", text: plain("New") },
    input("one", "One again"),
    input("two-b", "Two again", { initial_value: "anew" }),
  ];
  open(view("V1", { hash: "2", blocks }));
  expect(screen.getByLabelText<HTMLInputElement>("One again").value).toBe("typed");
  expect(screen.getByLabelText<HTMLInputElement>("Two again").value).toBe("anew");
  open(view("V1", { hash: "3" }));
  expect(screen.getByLabelText<HTMLInputElement>("Two").value).toBe("begun");
});

test("errors stand at their fields, with what was typed; the first one is gone to", async () => {
  render(<Modals />);
  open(view("V1"));
  await userEvent.type(screen.getByLabelText("One"), "typed");
  open(view("V1", { errors: { two: "Wrong." } }));
  expect(screen.getByRole("alert").textContent).toBe("Wrong.");
  expect(document.activeElement).toBe(screen.getByLabelText("Two"));
  expect(screen.getByLabelText<HTMLInputElement>("One").value).toBe("typed");
});

test("a form on top leads back to the one below, in which everything still stands", async () => {
  render(<Modals />);
  open(view("V1"));
  await userEvent.type(screen.getByLabelText("One"), "typed");
  open(view("V1"), view("V2"));
  expect(screen.getByRole("heading").textContent).toBe("Form V2");
  expect(screen.getByLabelText<HTMLInputElement>("One").value).toBe("");
  await userEvent.click(screen.getByRole("button", { name: "Back to Form V1" }));
  expect(calls).toEqual([["close_view", { user: "U1", view_id: "V2" }]]);
  open(view("V1"));
  expect(screen.getByLabelText<HTMLInputElement>("One").value).toBe("typed");
  open();
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("Escape, the cross and the button close", async () => {
  render(<Modals />);
  open(view("V1"));
  fireEvent(screen.getByRole("dialog"), new Event("cancel", { cancelable: true }));
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(calls.map(([verb]) => verb)).toEqual(["close_view", "close_view", "close_view"]);
});

test("an app that fails is told of, in the form, and it can be tried again", async () => {
  answers.submit = async () => ({ errors: {}, error: "operation_timeout", view_id: "V1" });
  render(<Modals />);
  open(view("V1"));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toBe(
    "We had some trouble connecting. Try again? (operation_timeout)",
  );
  answers.submit = async () => ({ refused: "no such view" });
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("That did not work: no such view"));
});

test("a form that is being sent is not sent twice", async () => {
  let settle = (_: Json) => {};
  answers.submit = () => new Promise((done) => (settle = done));
  render(<Modals />);
  open(view("V1"));
  const save = screen.getByRole("button", { name: "Save" });
  await userEvent.click(save);
  await userEvent.click(save);
  expect(calls).toHaveLength(1);
  expect(save.getAttribute("aria-busy")).toBe("true");
  await act(async () => settle({ errors: {}, error: null, view_id: null }));
  expect(save.getAttribute("aria-busy")).toBeNull();
});

test("a button in a form acts on its view", async () => {
  answers.act = async () => ({ acked: false, error: "timeout", answer: null });
  render(<Modals />);
  open(
    view("V1", {
      blocks: [
        {
          type: "actions",
          block_id: "b",
          elements: [{ type: "button", action_id: "x", text: plain("Do"), value: "1" }],
        },
      ],
      submit: "",
    }),
  );
  await userEvent.click(screen.getByRole("button", { name: "Do" }));
  expect(calls).toEqual([["act", { user: "U1", view_id: "V1", block_id: "b", action_id: "x", value: "1" }]]);
  expect((await screen.findByRole("alert")).textContent).toContain("did not react within three seconds");
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});
