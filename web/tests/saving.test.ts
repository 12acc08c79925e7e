import { expect, test } from "vitest";
import { after, type Happening, opened, type Saving, wantsToSend } from "../src/designer/saving";

const version = (content: string) => ({ name: "Order", content });
const begun = opened(1, version("<one/>"));
const through = (...happened: Happening[]): Saving => happened.reduce(after, begun);
const drawn = (content: string): Happening => ({ type: "changed", mine: version(content) });

test("a change wants to be sent, and nothing once it is saved", () => {
  expect(wantsToSend(begun)).toBe(false);
  expect(wantsToSend(through(drawn("<two/>")))).toBe(true);
  const saved = through(drawn("<two/>"), { type: "sent" }, { type: "saved", revision: 2 });
  expect(saved).toMatchObject({ revision: 2, dirty: false });
  expect(wantsToSend(saved)).toBe(false);
});

test("one change is on its way at a time, and what was drawn meanwhile follows", () => {
  const meanwhile = through(drawn("<two/>"), { type: "sent" }, drawn("<three/>"));
  expect(wantsToSend(meanwhile)).toBe(false);
  const saved = after(meanwhile, { type: "saved", revision: 2 });
  expect(saved).toMatchObject({ dirty: true, mine: version("<three/>") });
  expect(wantsToSend(saved)).toBe(true);
});

test("what the server cannot be told stays, and is sent again", () => {
  const away = through(drawn("<two/>"), { type: "sent" }, { type: "unreachable" });
  expect(away).toMatchObject({ offline: true, dirty: true });
  expect(wantsToSend(away)).toBe(true);
  expect(through(drawn("<two/>"), { type: "unreachable" }, { type: "sent" }, { type: "saved", revision: 2 }).offline).toBe(false);
});

test("a newer revision is a conflict that nothing is sent over until somebody chooses", () => {
  const theirs = { ...version("<theirs/>"), revision: 5 };
  const both = through(drawn("<mine/>"), { type: "sent" }, { type: "newer", theirs });
  expect(wantsToSend(both)).toBe(false);
  expect(after(both, { type: "keepMine" })).toMatchObject({ revision: 5, mine: version("<mine/>"), dirty: true, theirs: undefined });
  expect(after(both, { type: "takeTheirs" })).toMatchObject({ revision: 5, mine: version("<theirs/>"), dirty: false });
});

test("one's own change that the server has already is no conflict", () => {
  const theirs = { ...version("<two/>"), revision: 2 };
  expect(through(drawn("<two/>"), { type: "sent" }, { type: "newer", theirs })).toMatchObject({ revision: 2, dirty: false, theirs: undefined });
});
