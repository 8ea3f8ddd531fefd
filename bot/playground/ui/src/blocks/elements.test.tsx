import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Json } from "../api/types";
import { Questions } from "../dialogs/confirm";
import { recorded, withWorkspace } from "../testing/page";
import { Blocks } from "./Blocks";
import { Form, FormContext } from "./form";

withWorkspace();
const plain = (text: string) => ({ type: "plain_text", text });
const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() });
const FRUIT = ["Apple", "Banana", "Cherry"].map(option);
const CONFIRM = {
  title: plain("Sure?"),
  text: plain("It is gone then."),
  confirm: plain("Go on"),
  deny: plain("Stop"),
};

function actions(elements: Json[], acting = recorded()) {
  const blocks = [{ type: "actions", block_id: "b", elements }];
  const shown = render(
    <>
      <Blocks blocks={blocks} acting={acting} />
      <Questions />
    </>,
  );
  return { acting, user: userEvent.setup(), ...shown };
}

function field(element: Json, { acting = recorded(), values = {}, error = "", ...more }: Json = {}) {
  const form = new Form();
  const block = {
    type: "input",
    block_id: "b",
    label: plain("Field"),
    element: { action_id: "a", ...element },
    ...more,
  };
  const draw = (changed: Json = {}) => (
    <FormContext value={form}>
      <Blocks blocks={[{ ...block, ...changed }]} acting={acting} values={values} errors={error ? { b: error } : {}} />
    </FormContext>
  );
  const { rerender, ...shown } = render(draw());
  return {
    form,
    acting,
    user: userEvent.setup(),
    value: () => form.values()["b/a"],
    again: (changed: Json) => rerender(draw(changed)),
    ...shown,
  };
}

test("a button tells its value, is busy until the app took it, and cannot be pressed twice", async () => {
  let took = () => {};
  const act = vi.fn(() => new Promise<void>((settle) => (took = settle)));
  const { user } = actions([{ type: "button", action_id: "go", text: plain("Go"), value: "7" }], recorded({ act }));
  const button = screen.getByRole("button", { name: "Go" });
  await user.click(button);
  await user.click(button);
  expect(act).toHaveBeenCalledTimes(1);
  expect(act.mock.calls[0]?.[2 as never]).toBe("7");
  expect(button.getAttribute("aria-disabled")).toBe("true");
  took();
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBeNull());
});

test("a button asks before it counts", async () => {
  const { user, acting } = actions([{ type: "button", action_id: "go", text: plain("Go"), confirm: CONFIRM }]);
  await user.click(screen.getByRole("button", { name: "Go" }));
  await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Stop" }));
  expect(acting.acts).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(screen.getByRole("dialog").textContent).toContain("It is gone then.");
  await user.click(screen.getByRole("button", { name: "Go on" }));
  await waitFor(() => expect(acting.acts).toEqual([["go", null]]));
});

test("a button opens another page only when it is one", async () => {
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  const { user, acting } = actions([
    { type: "button", action_id: "web", text: plain("Web"), url: "https://a.b" },
    { type: "button", action_id: "bad", text: plain("Bad"), url: "javascript:alert(1)" },
  ]);
  await user.click(screen.getByRole("button", { name: "Web" }));
  await user.click(screen.getByRole("button", { name: "Bad" }));
  expect(open.mock.calls.map(([url]) => url)).toEqual(["https://a.b"]);
  open.mockRestore();
  expect(acting.acts.map(([name]) => name)).toEqual(["web", "bad"]);
});

test("a button is for those who may see it, and has the name that it is given", () => {
  actions([
    { type: "button", action_id: "mine", text: plain("Mine"), visible_to_user_ids: ["U1"] },
    { type: "icon_button", action_id: "theirs", icon: "trash", text: plain("Theirs"), visible_to_user_ids: ["U2"] },
    { type: "button", action_id: "named", text: plain("A"), accessibility_label: "Answer A is better" },
  ]);
  expect(screen.getAllByRole("button").map((one) => one.getAttribute("aria-label") ?? one.textContent)).toEqual([
    "Mine",
    "Answer A is better",
  ]);
});

test("thumbs say which was pressed", async () => {
  const element = {
    type: "feedback_buttons",
    action_id: "f",
    positive_button: { text: plain("Good"), value: "+" },
    negative_button: { text: plain("Bad"), value: "-" },
  };
  const { user, acting } = actions([element]);
  await user.click(screen.getByRole("button", { name: "Bad" }));
  expect(acting.acts).toEqual([["f", "negative"]]);
  await waitFor(() => expect(screen.getByRole("button", { name: "Bad" }).getAttribute("aria-pressed")).toBe("true"));
});

test("an overflow menu by keyboard", async () => {
  const { user, acting } = actions([{ type: "overflow", action_id: "o", options: FRUIT }]);
  const dots = screen.getByRole("button", { name: "More actions" });
  dots.focus();
  await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect(acting.acts).toEqual([["o", "banana"]]);
  expect(document.activeElement).toBe(dots);
  await user.keyboard("{ArrowDown}{Escape}");
  expect(screen.queryByRole("menu")).toBeNull();
  expect(acting.acts).toHaveLength(1);
});

test("a menu: arrows, Enter, Escape, and typing filters", async () => {
  const { user, acting } = actions([
    { type: "static_select", action_id: "s", placeholder: plain("Fruit"), options: FRUIT },
  ]);
  const box = screen.getByRole<HTMLInputElement>("combobox", { name: "Fruit" });
  await user.click(box);
  expect(box.getAttribute("aria-expanded")).toBe("true");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  const active = document.getElementById(box.getAttribute("aria-activedescendant") ?? "");
  expect(active?.textContent).toContain("Banana");
  await user.keyboard("{Enter}");
  expect(box.value).toBe("Banana");
  expect(box.getAttribute("aria-expanded")).toBe("false");
  await user.clear(box);
  await user.keyboard("ERR");
  expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["Cherry"]);
  await user.keyboard("{Escape}");
  expect([box.value, screen.queryByRole("listbox")]).toEqual(["Banana", null]);
  await user.clear(box);
  await user.keyboard("zzz");
  expect(screen.getByRole("status").textContent).toBe("Nothing fits.");
  await user.keyboard("{Enter}");
  expect(acting.acts).toEqual([["s", "banana"]]);
});

test("what was chosen is taken back when the person steps back from the question", async () => {
  const { user, acting } = actions([
    { type: "static_select", action_id: "s", options: FRUIT, initial_option: FRUIT[0], confirm: CONFIRM },
  ]);
  const box = screen.getByRole<HTMLInputElement>("combobox");
  await user.click(box);
  await user.click(screen.getByRole("option", { name: /Cherry/ }));
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  await waitFor(() => expect(box.value).toBe("Apple"));
  expect(acting.acts).toEqual([]);
});

test("a menu that began with an option cannot be emptied, another one can", async () => {
  const { value, unmount } = field({ type: "static_select", options: FRUIT, initial_option: FRUIT[1] });
  expect(screen.queryByRole("button", { name: /Clear/ })).toBeNull();
  expect(value()).toBe("banana");
  unmount();
  const other = field({ type: "static_select", options: FRUIT });
  await other.user.click(screen.getByRole("combobox"));
  await other.user.keyboard("{Enter}");
  expect(other.value()).toBe("apple");
  await other.user.click(screen.getByRole("button", { name: "Clear Field" }));
  expect(other.value()).toBeNull();
});

test("several can be chosen, up to a limit, and taken back", async () => {
  const { user, value } = field({
    type: "multi_static_select",
    option_groups: [{ label: plain("All"), options: FRUIT }],
    max_selected_items: 2,
  });
  await user.click(screen.getByRole("combobox", { name: "Field" }));
  expect(screen.getByRole("group", { name: "All" })).toBeTruthy();
  await user.keyboard("{ArrowDown}{Enter}{ArrowDown}{Enter}{ArrowDown}{Enter}");
  expect(value()).toEqual(["apple", "banana"]);
  expect(screen.getByRole("option", { name: /Cherry/ }).getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByText("No more than 2 can be chosen.")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Remove Apple" }));
  await user.keyboard("{Backspace}");
  expect(value()).toEqual([]);
});

test("menus of people and places offer what the viewer may see", async () => {
  const { user, unmount, value } = field({ type: "users_select" });
  await user.click(screen.getByRole("combobox"));
  expect(screen.getAllByRole("option")).toHaveLength(3);
  await user.keyboard("ada{Enter}");
  expect(value()).toBe("U1");
  unmount();
  const channels = field({ type: "multi_channels_select" });
  await channels.user.click(screen.getByRole("combobox"));
  expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["# general"]);
  channels.unmount();
  const conversations = field({
    type: "conversations_select",
    filter: { include: ["private", "im"], exclude_bot_users: true },
  });
  await conversations.user.click(screen.getByRole("combobox"));
  expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["🔒 secret"]);
});

test("the app is asked for options: at once where it wants that, and what it says when it fails is told", async () => {
  const suggest = vi.fn(async (_b: Json, _e: Json, typed: string) =>
    typed === "bad"
      ? { options: [], error: "operation_timeout" }
      : { options: [option(`${typed || "Any"} one`)], error: null },
  );
  const { user, value } = field({ type: "external_select", min_query_length: 0 }, { acting: recorded({ suggest }) });
  await user.click(screen.getByRole("combobox"));
  await user.click(await screen.findByRole("option", { name: /Any one/ }));
  expect(value()).toBe("any one");
  await user.clear(screen.getByRole("combobox"));
  await user.keyboard("bad");
  expect(await screen.findByText(/operation_timeout/)).toBeTruthy();
});

test("the app is not asked before enough was typed", async () => {
  const suggest = vi.fn(async () => ({ options: FRUIT, error: null }));
  const { user } = field({ type: "multi_external_select", min_query_length: 2 }, { acting: recorded({ suggest }) });
  await user.click(screen.getByRole("combobox"));
  await user.keyboard("a");
  expect(screen.getByText("Type 2 letters or more.")).toBeTruthy();
  expect(suggest).not.toHaveBeenCalled();
  await user.keyboard("p");
  expect(await screen.findAllByRole("option")).toHaveLength(3);
});

test("marks: one of some, any of some, in the order of the options", async () => {
  const { user, acting } = actions([
    { type: "radio_buttons", action_id: "r", options: FRUIT },
    { type: "checkboxes", action_id: "c", options: FRUIT, initial_options: [FRUIT[2]] },
  ]);
  await user.click(screen.getByRole("radio", { name: "Cherry" }));
  await user.click(screen.getByRole("checkbox", { name: "Apple" }));
  await user.click(screen.getByRole("checkbox", { name: "Cherry" }));
  expect(acting.acts).toEqual([
    ["r", "cherry"],
    ["c", ["apple", "cherry"]],
    ["c", ["apple"]],
  ]);
});

test.each([
  ["plain_text_input", {}, "hello", "hello"],
  ["email_text_input", {}, "a@b.c", "a@b.c"],
  ["url_text_input", {}, "https://a.b", "https://a.b"],
  ["number_input", { is_decimal_allowed: true }, "1.5", "1.5"],
  ["plain_text_input", { multiline: true }, "a", "a"],
])("what is typed into %s %j is its value", async (type, more, typed, sent) => {
  const { user, value } = field({ type, ...more });
  expect(value()).toBeNull();
  await user.type(screen.getByLabelText("Field"), typed);
  expect(value()).toBe(sent);
  await user.clear(screen.getByLabelText("Field"));
  expect(value()).toBeNull();
});

test("rich text is typed plainly and sent as a block", async () => {
  const rich = (text: string) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
  });
  const { user, value } = field({ type: "rich_text_input", initial_value: rich("so") });
  await user.type(screen.getByLabelText("Field"), " far");
  expect(value()).toEqual(rich("so far"));
});

test("dates and times", () => {
  const { value, unmount } = field({ type: "datepicker", initial_date: "2026-01-02" });
  expect(value()).toBe("2026-01-02");
  fireEvent.change(screen.getByLabelText("Field"), { target: { value: "2026-03-04" } });
  expect(value()).toBe("2026-03-04");
  unmount();
  const moment = field({ type: "datetimepicker", initial_date_time: 1795342007 });
  expect(moment.value()).toBe(1795342007);
  fireEvent.change(screen.getByLabelText("Field"), { target: { value: "2026-03-04T05:06" } });
  expect(moment.value()).toBe(new Date(2026, 2, 4, 5, 6).getTime() / 1000);
});

test("a date in a message is told when the person leaves it", async () => {
  const { acting, user } = actions([{ type: "datepicker", action_id: "d" }]);
  const box = screen.getByLabelText("Date");
  await user.click(box);
  fireEvent.change(box, { target: { value: "2026-03-04" } });
  fireEvent.blur(box);
  await waitFor(() => expect(acting.acts).toEqual([["d", "2026-03-04"]]));
});

test("files are uploaded when they are picked, no more than there is room for, and can be taken away", async () => {
  const upload = vi.fn(async (file: File) => ({ id: `F-${file.name}`, name: file.name }));
  const { user, value } = field(
    { type: "file_input", max_files: 2, filetypes: ["txt"] },
    { acting: recorded({ upload }) },
  );
  const picker = screen.getByLabelText<HTMLInputElement>("Field");
  expect([picker.accept, picker.multiple]).toEqual([".txt", true]);
  const files = ["a.txt", "b.txt", "c.txt"].map((name) => new File(["x"], name));
  await user.upload(picker, files);
  await waitFor(() => expect(value()).toEqual(["F-a.txt", "F-b.txt"]));
  expect(screen.queryByLabelText("Field")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Remove a.txt" }));
  expect(value()).toEqual(["F-b.txt"]);
});

test("a file that cannot be uploaded is said, as is one too many, and the field goes on working", async () => {
  const upload = vi.fn(async (file: File) => {
    if (file.name === "bad.txt") throw new Error("bad.txt cannot be read.");
    return { id: `F-${file.name}`, name: file.name };
  });
  const { user, value } = field({ type: "file_input", max_files: 3 }, { acting: recorded({ upload }) });
  const pick = (...names: string[]) =>
    user.upload(
      screen.getByLabelText("Field"),
      names.map((name) => new File(["x"], name)),
    );
  await pick("bad.txt", "a.txt", "b.txt", "c.txt", "d.txt");
  expect((await screen.findByRole("alert")).textContent).toBe(
    "bad.txt cannot be read. 3 files fit here. Left out: c.txt, d.txt.",
  );
  expect(value()).toEqual(["F-a.txt", "F-b.txt"]);
  expect(screen.getByLabelText<HTMLInputElement>("Field").disabled).toBe(false);
  await pick("e.txt");
  await waitFor(() => expect(value()).toEqual(["F-a.txt", "F-b.txt", "F-e.txt"]));
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a field tells the app what its block asks for: at Enter, or while one types", async () => {
  const enter = field({ type: "plain_text_input" }, { dispatch_action: true });
  await enter.user.type(screen.getByLabelText("Field"), "ab{Enter}");
  await waitFor(() => expect(enter.acting.acts).toEqual([["a", "ab"]]));
  enter.unmount();
  const config = { trigger_actions_on: ["on_character_entered"] };
  const typing = field({ type: "plain_text_input", dispatch_action_config: config }, { dispatch_action: true });
  await typing.user.type(screen.getByLabelText("Field"), "xy");
  await waitFor(() => expect(typing.acting.acts).toEqual([["a", "xy"]]), { timeout: 3000 });
});

test("a field without that tells nothing", async () => {
  const { user, acting } = field({ type: "static_select", options: FRUIT });
  await user.click(screen.getByRole("combobox"));
  await user.keyboard("{Enter}");
  expect(acting.acts).toEqual([]);
});

test("a field has its name, its hint and its error", () => {
  field(
    { type: "plain_text_input", placeholder: plain("Type") },
    { hint: plain("Short"), optional: true, error: "Too long." },
  );
  const box = screen.getByRole("textbox", { name: /Field/ });
  expect(box.getAttribute("aria-invalid")).toBe("true");
  const described = box
    .getAttribute("aria-describedby")
    ?.split(" ")
    .map((id) => document.getElementById(id)?.textContent);
  expect(described).toEqual(["Short", "Too long."]);
  expect(screen.getByRole("alert").textContent).toBe("Too long.");
});

test("how much may still be typed is said near the end", async () => {
  const { user } = field({ type: "plain_text_input", max_length: 5 });
  await user.type(screen.getByLabelText("Field"), "abcd");
  expect(screen.getByText("1 left")).toBeTruthy();
  await user.type(screen.getByLabelText("Field"), "efg");
  expect(screen.getByText("2 too many")).toBeTruthy();
});

test("what somebody chose before stands in the field, whatever it began with", () => {
  const values = { b: { a: { type: "static_select", selected_option: FRUIT[2] } } };
  const { value } = field({ type: "static_select", options: FRUIT, initial_option: FRUIT[0] }, { values });
  expect(value()).toBe("cherry");
});

test("outside of forms the app says what is chosen", async () => {
  const acting = recorded();
  const element = (initial: Json) => [
    {
      type: "actions",
      block_id: "b",
      elements: [{ type: "static_select", action_id: "s", options: FRUIT, initial_option: initial }],
    },
  ];
  const { rerender } = render(<Blocks blocks={element(FRUIT[0] as Json)} acting={acting} />);
  rerender(<Blocks blocks={element(FRUIT[1] as Json)} acting={acting} />);
  expect(screen.getByRole<HTMLInputElement>("combobox").value).toBe("Banana");
});

test("whoever presses Enter before the app has answered what was typed chooses nothing of what it said before", async () => {
  let answer = () => {};
  const suggest = vi.fn(async (_block: Json, _element: Json, typed: string) => {
    if (typed) await new Promise<void>((settle) => (answer = settle));
    return { options: typed ? [option("Pizza")] : FRUIT, error: null };
  });
  const { user, value } = field({ type: "external_select", min_query_length: 0 }, { acting: recorded({ suggest }) });
  await user.click(screen.getByRole("combobox"));
  await screen.findByRole("option", { name: /Apple/ });
  await user.keyboard("pizza{Enter}");
  expect(value()).toBeNull();
  await waitFor(() => expect(suggest.mock.lastCall?.[2]).toBe("pizza"));
  await user.keyboard("{Enter}");
  expect(value()).toBeNull();
  answer();
  await screen.findByRole("option", { name: /Pizza/ });
  await user.keyboard("{Enter}");
  expect(value()).toBe("pizza");
});
