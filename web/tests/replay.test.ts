import { expect, test } from "vitest";
import type { HistoryEvent } from "../src/api/schema";
import { momentAfter, valuesOf } from "../src/pages/instance/replay";

let seq = 0;
const event = (name: string, element: string | null, elementInstance: number | null, data: object = {}, scope = 0): HistoryEvent => ({
  seq: ++seq,
  at: "2026-01-01T00:00:00.000Z",
  event: name,
  element,
  elementInstance,
  scope,
  actor: "1",
  data: data as Record<string, unknown>,
});

const HISTORY: HistoryEvent[] = [
  event("instance_started", null, null, { variables: { n: 1 } }),
  event("entered", "start", 1),
  event("completed", "start", 1),
  event("taken", "flow", null),
  event("entered", "sub", 2),
  event("opened", "sub", 2, { variables: { inner: "a" } }),
  event("entered", "task", 3, {}, 2),
  event("incident", "task", 3, { key: "i.4" }, 2),
  event("resolved", "task", 3, { key: "i.4" }, 2),
  event("variables", null, null, { variables: { n: 2 } }),
  event("completed", "task", 3, {}, 2),
  event("closed", "sub", 2),
  event("completed", "sub", 2),
  event("instance_completed", null, null),
];

test("a token is where its element instance is, and what holds a scope is no token", () => {
  const { marks } = momentAfter(HISTORY, 7);
  expect([...marks.waiting]).toEqual([["task", 1]]);
  expect([...marks.held]).toEqual(["sub"]);
  expect([...marks.passed].sort()).toEqual(["flow", "start"]);
});

test("an incident is shown until it is resolved", () => {
  expect([...momentAfter(HISTORY, 8).marks.failed]).toEqual(["task"]);
  expect([...momentAfter(HISTORY, 9).marks.failed]).toEqual([]);
});

test("variables are those of the moment, scope by scope", () => {
  expect(momentAfter(HISTORY, 1).scopes).toEqual([{ key: 0, element: undefined, own: false, variables: { n: 1 } }]);
  expect(momentAfter(HISTORY, 10).scopes.map((it) => [it.element, it.variables])).toEqual([
    [undefined, { n: 2 }],
    ["sub", { inner: "a" }],
  ]);
  expect(momentAfter(HISTORY, 14).scopes).toHaveLength(1);
});

test("an end leaves no token and no incident", () => {
  const { marks } = momentAfter(HISTORY.slice(0, 8).concat(event("instance_cancelled", null, null)), 9);
  expect(marks.waiting.size + marks.held.size + marks.failed.size).toBe(0);
});

test("going back and forth gives the same", () => {
  for (let at = 0; at <= HISTORY.length; at++) expect(momentAfter(HISTORY, at)).toEqual(momentAfter(HISTORY.slice(0, at), at));
});

test("the values of a variable are told with who set them, the latest first", () => {
  const [process] = momentAfter(HISTORY, 14).scopes;
  expect(valuesOf(HISTORY, process!, "n").map((it) => it.value)).toEqual([2, 1]);
});
