import { expect, test } from "vitest";
import { differences } from "../src/designer/differences";

const model = (tasks: string) =>
  `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t"><process id="p">${tasks}</process></definitions>`;

test("what is added, removed and changed is told, with the value before and after", async () => {
  const before = model('<task id="a" name="Ask"/><task id="b" name="Old"/>');
  const after = model('<task id="a" name="Ask twice"/><task id="c" name="New"/>');
  const found = await differences("process", before, after);
  expect(found.map(({ id, change, detail }) => [id, change, detail])).toEqual([
    ["c", "added", ""],
    ["b", "removed", ""],
    ["a", "changed", "name: Ask → Ask twice"],
  ]);
});
