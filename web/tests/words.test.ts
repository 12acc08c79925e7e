import { expect, test } from "vitest";
import { actorOf, wordsOf } from "../src/pages/instance/words";

const event = (name: string, data?: Record<string, unknown>) => ({ seq: 1, at: "", event: name, element: "pay", elementInstance: 1, scope: 0, actor: "1", ...(data && { data }) });
const nameOf = (id: string) => (id === "pay" ? "Pay" : id);

test("an event is said in words, with the name of its element", () => {
  expect(wordsOf(event("job_failed", { message: "no bank" }), nameOf)).toBe("The work of Pay failed: no bank");
  expect(wordsOf(event("variables", { variables: { a: 1, b: 2 } }), nameOf)).toBe("Set: a, b");
});

test("a place that nobody fills says nothing", () => {
  expect(wordsOf(event("message_awaited", { name: "paid" }), nameOf)).toBe("Pay waits for the message paid");
});

test("an event that has no words yet is told all the same", () => {
  expect(wordsOf(event("brand_new"), nameOf)).toBe("brand new");
});

test("who acts is named", () => {
  expect(actorOf("function:charge")).toBe("the function charge");
  expect(actorOf("timer")).toBe("a timer");
  expect(actorOf("7")).toBe("user 7");
});
