import { expect, test } from "vitest";
import { fit, fitAll } from "../src/parts/fitting";

const START = { id: "start", type: "bpmn:StartEvent", x: 100, y: 80, width: 36, height: 36 };
const TASK = { id: "task", type: "bpmn:Task", x: 5000, y: 300, width: 100, height: 80 };

/** A model of this length on a canvas of 750 by 450 pixels, and what is shown of it. */
function drawing(length: number, palette?: { offsetLeft: number; offsetWidth: number }) {
  const seen: object[] = [];
  const shapes = [START, TASK];
  const inner = { x: 0, y: 0, width: length, height: 200 };
  const services: Record<string, unknown> = {
    canvas: {
      getContainer: () => ({ querySelector: () => palette ?? null }),
      getSize: () => ({ width: 750, height: 450 }),
      viewbox: (area?: object) => (area === undefined ? { inner } : seen.push(area)),
    },
    elementRegistry: { get: (id: string) => shapes.find((it) => it.id === id), filter: (wanted: (shape: typeof START) => boolean) => shapes.filter(wanted) },
  };
  return { seen, get: <T>(name: string) => services[name] as T };
}

test("a model that can be read as a whole is shown whole, in the middle", () => {
  const small = drawing(1452);
  fit(small, ["task"]);
  expect(small.seen).toEqual([{ x: -24, y: -350, width: 1500, height: 900 }]);
});

test("a small model is not made larger than it is", () => {
  const small = drawing(350);
  fit(small);
  expect(small.seen).toEqual([{ x: -200, y: -125, width: 750, height: 450 }]);
});

test("nothing is shown under the palette", () => {
  const small = drawing(626, { offsetLeft: 20, offsetWidth: 80 });
  fit(small);
  expect(small.seen).toEqual([{ x: -112, y: -125, width: 750, height: 450 }]);
});

test("a long model is shown around the first element that is asked for and drawn", () => {
  const long = drawing(6000);
  fit(long, ["elsewhere", "task"]);
  expect(long.seen).toEqual([{ x: 4550, y: 40, width: 1000, height: 600 }]);
});

test("a long model without a place that matters is shown from its beginning", () => {
  const long = drawing(6000);
  fit(long);
  expect(long.seen).toEqual([{ x: -132, y: -202, width: 1000, height: 600 }]);
});

test("all of a long model is shown when that is asked for", () => {
  const long = drawing(7260);
  fitAll(long);
  expect(long.seen).toEqual([{ x: -120, y: -2150, width: 7500, height: 4500 }]);
});
