import { expect, test } from "vitest";
import { asCurl, asPython, pythonOf } from "../src/api/recipes";

test("a quote in a value does not end the shell's word", () => {
  expect(asCurl("PUT", "http://here/x", { text: "it's" }, false)).toBe(
    `curl -X PUT 'http://here/x' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"text":"it'\\''s"}'`,
  );
});

test("a token is named and never written down", () => {
  expect(asCurl("GET", "http://here/x", undefined, true)).toContain('"Authorization: Bearer $TOKEN"');
  expect(asPython("GET", "http://here/x", undefined, true)).toContain("os.environ['TOKEN']");
});

test("values are written as Python has them", () => {
  expect(pythonOf({ a: null, b: [true, false, 1.5], c: "x\"y", d: undefined })).toBe('{"a": None, "b": [True, False, 1.5], "c": "x\\"y"}');
});
