import { expect, test } from "vitest";
import { revived } from "../src/designer/clipboard";
import { idOf, kindOf, newModel } from "../src/designer/models";
import { ordered } from "../src/designer/problems";

test.each([
  ["Holiday request", "holiday-request"],
  ["  Überweisung & mehr ", "überweisung-mehr"],
  ["2 steps", "process-2-steps"],
  ["???", "process-1"],
])("%j runs under the id %j", (name, id) => expect(idOf(name)).toBe(id));

test("a new model keeps signs that XML has for itself", () => {
  expect(newModel('Buy "A" & <B>')).toContain('name="Buy &quot;A&quot; &amp; &lt;B&gt;"');
});

test.each([
  ["a.bpmn", "<bpmn:definitions/>", "process"],
  ["a.xml", "<definitions xmlns='x'><decision id='d'/></definitions>", "decision"],
  ["a.dmn", "<definitions/>", "decision"],
  ["a.json", '{"components": []}', "form"],
  ["a.png", "PNG", undefined],
])("%s with %s is %s", (file, content, kind) => expect(kindOf(file, content)).toBe(kind));

test("what was copied is made of elements again, each once", () => {
  const moddle = { create: (type: string, attributes: object) => ({ made: type, ...attributes }) };
  const text = JSON.stringify([{ $type: "bpmn:Task", id: "a" }, { shape: { $type: "bpmn:Task", id: "a" } }, { x: 1 }]);
  const [task, { shape }, plain] = revived(text, moddle) as [object, { shape: object }, object];
  expect(task).toEqual({ made: "bpmn:Task", id: "a" });
  expect(shape).toBe(task);
  expect(plain).toEqual({ x: 1 });
});

test("errors come before warnings, those before what is only worth knowing", () => {
  const finding = (code: string, severity: "error" | "warning" | "info") => ({ code, severity, element: null, line: null, message: "", remedy: "" });
  const found = [finding("a", "info"), finding("b", "error"), finding("c", "warning"), finding("d", "error")];
  expect(ordered(found).map((it) => it.code)).toEqual(["b", "d", "c", "a"]);
});
