import { expect, test } from "vitest";
import { found } from "../src/shell/goals";

const goals = ["Home", "Instances of Order", "Instances of Order again"].map((name) => ({ path: `/${name}`, name }));

test("every word has to be there, in any order and case", () => {
  expect(found("order INST", goals).map((it) => it.name)).toEqual(["Instances of Order", "Instances of Order again"]);
});

test("the id of an instance is a goal of its own", () => {
  const id = "0199c1f2-7a3e-7b11-8123-0123456789ab";
  expect(found(` ${id} `, goals)).toEqual([expect.objectContaining({ path: `/instances/${id}` })]);
});
