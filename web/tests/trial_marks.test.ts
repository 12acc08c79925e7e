import { expect, test } from "vitest";
import { marksOf } from "../src/designer/trial_marks";

const waits = (kind: string, label: string, on: string | null = null) => ({ kind, label, element: label.replace(/#.*/, ""), on, due: null, message: null });
const entered = (element: string) => ({ turn: 0, event: "entered", element });

test("a token is where it waits, whatever else is awaited there", () => {
  const marks = marksOf({ events: [entered("s"), entered("x")], waiting: [waits("user task", "x"), waits("timer", "late", "x")] });
  expect(marks.waiting).toEqual(new Map([["x", 1]]));
  expect(marks.passed).toEqual(new Set(["s"]));
});

test("several instances of one element are several tokens, and one that failed is told", () => {
  const marks = marksOf({ events: [], waiting: [waits("job", "x"), waits("incident", "x#2")] });
  expect(marks.waiting).toEqual(new Map([["x", 2]]));
  expect(marks.failed).toEqual(new Set(["x"]));
});
