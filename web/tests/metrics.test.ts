import { expect, test } from "vitest";
import { csvOf } from "../src/pages/metrics/csv";
import { asked } from "../src/pages/metrics/range";
import { grouped } from "../src/pages/home/groups";

test("a cell with a comma, a quote or a line is quoted, and none is run as a formula", () => {
  expect(csvOf([["a,b", 'c"d', null, 1.5, "=1+1"]])).toBe('"a,b","c""d",,1.5,\'=1+1\r\n');
});

test("a short time is looked at by the hour, a long one by the day", () => {
  const now = Date.parse("2026-01-08T12:34:56Z");
  expect(asked("24h", now)).toEqual({ unit: "hour", startedFrom: "2026-01-07T12:00:00.000Z" });
  expect(asked("7d", now)).toEqual({ unit: "day", startedFrom: "2026-01-01T12:00:00.000Z" });
  expect(asked("all", now)).toEqual({ unit: "day" });
});

test("incidents that are the same are one group, the largest first", () => {
  const incident = (message: string, processInstance: string) => ({ key: processInstance, type: "job", message, detail: null, element: "pay", elementInstance: 1, processInstance, at: "2026-01-01" });
  const groups = grouped([incident("a", "1"), incident("b", "2"), incident("b", "3"), incident("b", "3")]);
  expect(groups.map((it) => [it.message, it.instances.size])).toEqual([["b", 2], ["a", 1]]);
});
