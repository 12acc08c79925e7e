// How much of a model is shown at first: all of it, as long as its names can still be read.

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Canvas {
  getSize(): { width: number; height: number };
  viewbox(area: Area): unknown;
  zoom(level: "fit-viewport" | number, centre?: "auto"): number;
}
interface Placed extends Partial<Area> {
  id: string;
  type: string;
}
interface Registry {
  get(id: string): Placed | undefined;
  filter(wanted: (shape: Placed) => boolean): Placed[];
}
/** Whatever draws a model with bpmn-js. */
export interface Drawing {
  get<T>(service: string): T;
}

/** Below the first nothing can be read; the second shows some steps around the place that matters. */
const READABLE = 0.4;
const CLOSE = 0.75;

/** Shows the whole model, or, where it is too long for that, the part around the first of these elements: where none is drawn, its beginning. */
export function fit(drawing: Drawing, around: Iterable<string> = []): void {
  const canvas = drawing.get<Canvas>("canvas");
  if (canvas.zoom("fit-viewport", "auto") >= READABLE) return;
  const registry = drawing.get<Registry>("elementRegistry");
  const asked = [...around].map((id) => registry.get(id)).find(placed);
  const shape = asked ?? first(registry);
  if (shape === undefined) return;
  const { width, height } = canvas.getSize();
  const seen = { width: width / CLOSE, height: height / CLOSE };
  // What begins on the left is followed to the right.
  const left = asked === undefined ? 1 / 4 : 1 / 2;
  canvas.viewbox({ x: shape.x + shape.width / 2 - seen.width * left, y: shape.y + shape.height / 2 - seen.height / 2, ...seen });
}

function placed(shape: Placed | undefined): shape is Placed & Area {
  return shape?.x !== undefined && shape.width !== undefined;
}

function first(registry: Registry): (Placed & Area) | undefined {
  return registry.filter((it) => it.type === "bpmn:StartEvent").filter(placed).sort((one, other) => one.x - other.x)[0];
}
