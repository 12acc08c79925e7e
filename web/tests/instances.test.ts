import { expect, test } from "vitest";
import { merged } from "../src/api/live";
import { askedBy, filterOf } from "../src/pages/instances/filter";
import { toggled } from "../src/pages/instances/views";
import { withStatus } from "../src/pages/instances/pages_of";
import { windowOf } from "../src/parts/virtual";

test("only what is a filter is taken from the address", () => {
  expect(filterOf({ state: "active", cursor: "x", businessKey: "" })).toEqual({ state: "active" });
});

test("an incident is a state to people, and beside the state to the server", () => {
  expect(askedBy({ state: "incident" })).toEqual({ incidents: true });
  expect(askedBy({ state: "active" })).toEqual({ state: ["active"], incidents: false });
  expect(askedBy({ variable: "a:1", id: " 0AB " })).toEqual({ variable: ["a:1"], id: "0ab" });
});

test("of a long list only what is in view is drawn, and a little around it", () => {
  expect(windowOf(0, 400, 40, 100_000)).toEqual({ first: 0, last: 22 });
  const { first, last } = windowOf(2_000_000, 400, 40, 100_000);
  expect(last - first).toBeLessThan(40);
  expect(windowOf(10_000, 400, 40, 3)).toEqual({ first: 3, last: 3 });
});

test("a row follows what a change tells of it", () => {
  const row = { state: "active", incidents: 0 } as never;
  expect(withStatus(row, "incident")).toEqual({ state: "active", incidents: 1 });
  expect(withStatus(row, "completed")).toEqual({ state: "completed", incidents: 0 });
});

test("a column that is known has its place, a variable comes last", () => {
  expect(toggled(["id", "var:n"], "state")).toEqual(["state", "id", "var:n"]);
  expect(toggled(["state", "id"], "id")).toEqual(["state"]);
});

test("of two changes of an instance the later counts", () => {
  const change = (status: string) => ({ instances: [{ id: "1", processId: "p", status, seq: 1 }], many: false, subjects: ["deployments"] });
  expect(merged(change("active"), change("completed"))).toEqual(change("completed"));
});
