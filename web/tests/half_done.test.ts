import { expect, test } from "vitest";
import { apart, changes } from "../src/parts/half_done";

test("what a task had before is not saved with what was entered", () =>
  expect(changes({ amount: 7, reason: "rain", list: [1] }, { amount: 5, reason: "rain", list: [1], other: 1 })).toEqual({ amount: 7 }));

test("two sides are apart where one has what the other has not, or has it otherwise", () =>
  expect(apart({ a: 1, b: { c: 2 }, d: 3 }, { a: 1, b: { c: 4 }, e: 5 })).toEqual(["b", "d", "e"]));
