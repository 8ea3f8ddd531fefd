import { afterEach, expect, test, vi } from "vitest";
import { control, Refused, Unreachable } from "../api/control";
import { upload, uploadEach } from "./files";

afterEach(() => vi.unstubAllGlobals());

const answering = (body: BodyInit, status: number) => {
  const fetched = vi.fn(async () => new Response(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
};

test("an answer that is not JSON is a refusal in words, one that breaks off is none at all", async () => {
  answering("Maximum request body size 16777216 exceeded", 413);
  await expect(control("say")).rejects.toEqual(new Refused("it is too large for the local Slack"));
  answering("500 Internal Server Error", 500);
  await expect(control("say")).rejects.toEqual(new Refused("the local Slack answered with 500"));
  answering(new ReadableStream({ pull: (out) => out.error(new TypeError("network error")) }), 200);
  await expect(control("say")).rejects.toBeInstanceOf(Unreachable);
});

test("a file that is empty or too large is not even read, nor sent", async () => {
  const fetched = answering("{}", 200);
  const large = new File(["x"], "large.bin");
  Object.defineProperty(large, "size", { value: 10_000_001 });
  const words = (name: string) => `${name} cannot be uploaded: a file has a byte at least, and 10 MB at most.`;
  await expect(upload(large)).rejects.toEqual(new Refused(words("large.bin")));
  await expect(upload(new File([], "empty.txt"))).rejects.toEqual(new Refused(words("empty.txt")));
  expect(fetched).not.toHaveBeenCalled();
});

test("of several files those that can be uploaded are, and each that cannot is named", async () => {
  class OfFolders extends FileReader {
    override readAsDataURL(file: File) {
      if (file.name === "folder") this.onerror?.({} as ProgressEvent<FileReader>);
      else super.readAsDataURL(file);
    }
  }
  vi.stubGlobal("FileReader", OfFolders);
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const { name } = JSON.parse(body);
    return Response.json(name === "b.txt" ? { error: "no room" } : { name }, { status: name === "b.txt" ? 507 : 200 });
  });
  const kept: unknown[] = [];
  const files = ["folder", "a.txt", "b.txt", "c.txt"].map((name) => new File(["x"], name));
  expect(await uploadEach(files, upload, (file) => kept.push(file.name))).toBe(
    "folder cannot be read. Is it a folder, or gone? b.txt cannot be uploaded: no room.",
  );
  expect(kept).toEqual(["a.txt", "c.txt"]);
});
