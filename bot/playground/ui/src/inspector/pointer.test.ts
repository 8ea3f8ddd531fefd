import { expect, test } from "vitest";
import { curlOf } from "./curl";
import { at, keyOf, readFinding, steps, unfolded } from "./pointer";
import type { Detail } from "./shapes";

const REQUEST = { channel: "C1", blocks: [{ type: "section", text: { text: "x" }, "a/b": { "~": 1 } }] };

test("pointers are read with their escapes", () => {
  expect(steps("/blocks/0/a~1b/~0")).toEqual(["blocks", "0", "a/b", "~"]);
  expect(at(REQUEST, steps("/blocks/0/a~1b/~0"))).toBe(1);
  expect(keyOf(["blocks", "0", "a/b", "~"])).toBe("/blocks/0/a~1b/~0");
  expect(steps("")).toEqual([]);
  expect(at(REQUEST, ["blocks", "1"])).toBeUndefined();
  expect(at(REQUEST, ["channel", "length"])).toBeUndefined();
});

test("a finding is shown at the place that it names", () => {
  expect(readFinding("must be shorter [json-pointer:/blocks/0/text]", REQUEST)).toEqual({
    sentence: "must be shorter",
    path: ["blocks", "0", "text"],
  });
});

test("what is missing is shown at what it is missing in", () => {
  expect(readFinding("missing [json-pointer:/blocks/0/accessory/value]", REQUEST).path).toEqual(["blocks", "0"]);
});

test("a pointer within the view or the blocks is found there", () => {
  const view = { view: { type: "modal", blocks: [{ type: "input" }] } };
  expect(readFinding("bad [json-pointer:/blocks/0/type]", view).path).toEqual(["view", "blocks", "0", "type"]);
  expect(readFinding("bad [json-pointer:/0/text]", REQUEST).path).toEqual(["blocks", "0", "text"]);
});

test("a finding without a place is a sentence", () => {
  expect(readFinding("no text", REQUEST)).toEqual({ sentence: "no text", path: null });
  expect(readFinding("bad [json-pointer:/nowhere]", REQUEST).path).toBeNull();
});

test("structures in the strings of a form are unfolded, other strings are not", () => {
  const form = { blocks: '[{"type":"divider"}]', text: '{"a":1}', view: "{broken", metadata: "5" };
  expect(unfolded(form)).toEqual({ ...form, blocks: [{ type: "divider" }] });
});

test("a call becomes a command without its token, quoted for a shell", () => {
  const call = { name: "chat.postMessage", request: { channel: "C1", text: "it's $HOME" } } as unknown as Detail;
  expect(curlOf(call, "http://localhost:1")).toBe(
    "curl -X POST 'http://localhost:1/api/chat.postMessage' \\\n" +
      '  -H "Authorization: Bearer $SLACK_BOT_TOKEN" \\\n' +
      "  --data-urlencode 'channel=C1' \\\n" +
      "  --data-urlencode 'text=it'\\''s $HOME'",
  );
  const json = { name: "views.open", request: { view: { type: "modal" } } } as unknown as Detail;
  expect(curlOf(json, "http://localhost:1")).toContain(`-d '{"view":{"type":"modal"}}'`);
});
