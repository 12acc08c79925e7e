import { expect, test } from "vitest";
import { ago, counted, duration, fill } from "../src/format";

test("a text is filled, and a place that nobody fills stays as it is", () => {
  expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
});

test.each([
  [0, "0ms"],
  [999, "999ms"],
  [1_400, "1.4s"],
  [59_000, "59s"],
  [60_000, "1m"],
  [8_040_000, "2h 14m"],
  [187_200_000, "2d 4h"],
])("%d milliseconds are written %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("a moment is told by how far it is", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  expect(ago("2026-01-01T11:57:00Z", now)).toContain("3");
  expect(ago("2026-01-02T13:00:00Z", now)).toBe("tomorrow");
});

test("one thing is not many", () => {
  expect(counted(["{n} thing", "{n} things"], 1)).toBe("1 thing");
  expect(counted(["{n} thing", "{n} things"], 1_200)).toBe("1,200 things");
});
