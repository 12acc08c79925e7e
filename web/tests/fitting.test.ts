import { expect, test } from "vitest";
import { fit } from "../src/parts/fitting";

const START = { id: "start", type: "bpmn:StartEvent", x: 100, y: 80, width: 36, height: 36 };
const TASK = { id: "task", type: "bpmn:Task", x: 5000, y: 300, width: 100, height: 80 };

/** A canvas of 750 by 450 that would show the whole model at this size, and where it comes to be. */
function drawing(whole: number) {
  const seen: { x: number; y: number; width: number; height: number }[] = [];
  const shapes = [START, TASK];
  const services: Record<string, unknown> = {
    canvas: { getSize: () => ({ width: 750, height: 450 }), viewbox: (area: (typeof seen)[0]) => seen.push(area), zoom: () => whole },
    elementRegistry: { get: (id: string) => shapes.find((it) => it.id === id), filter: (wanted: (shape: typeof START) => boolean) => shapes.filter(wanted) },
  };
  return { seen, get: <T>(name: string) => services[name] as T };
}

test("a model that can be read as a whole is shown whole", () => {
  const small = drawing(0.6);
  fit(small, ["task"]);
  expect(small.seen).toEqual([]);
});

test("a long model is shown around the first element that is asked for and drawn", () => {
  const long = drawing(0.1);
  fit(long, ["elsewhere", "task"]);
  expect(long.seen).toEqual([{ x: 4550, y: 40, width: 1000, height: 600 }]);
});

test("a long model without a place that matters is shown from its beginning", () => {
  const long = drawing(0.1);
  fit(long);
  expect(long.seen).toEqual([{ x: -132, y: -202, width: 1000, height: 600 }]);
});
