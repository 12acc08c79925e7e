// How much of a model is shown at first: all of it, as long as its names can still be read.

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Canvas {
  getContainer(): HTMLElement;
  getSize(): { width: number; height: number };
  viewbox(): { inner: Area };
  viewbox(area: Area): void;
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
/** In pixels, on each side. */
const MARGIN = 12;

/** Shows the whole model, or, where it is too long for that, the part around the first of these elements: where none is drawn, its beginning. */
export function fit(drawing: Drawing, around: Iterable<string> = []): void {
  const registry = drawing.get<Registry>("elementRegistry");
  const asked = [...around].map((id) => registry.get(id)).find(placed);
  const shape = asked ?? first(registry);
  if (shape === undefined || scaleOfAll(drawing) >= READABLE) return fitAll(drawing);
  // What begins on the left is followed to the right.
  show(drawing, shape, CLOSE, asked === undefined ? 1 / 4 : 1 / 2);
}

/** Shows the whole model, however small it becomes. */
export function fitAll(drawing: Drawing): void {
  show(drawing, drawing.get<Canvas>("canvas").viewbox().inner, scaleOfAll(drawing), 1 / 2);
}

function scaleOfAll(drawing: Drawing): number {
  const canvas = drawing.get<Canvas>("canvas");
  const { inner } = canvas.viewbox();
  const { width, height } = canvas.getSize();
  const room = width - covered(canvas) - 2 * MARGIN;
  return Math.min(1, Math.max(room, 1) / inner.width, Math.max(height - 2 * MARGIN, 1) / inner.height);
}

/** Brings the middle of an area to a part of the width, and to the middle of the height. */
function show(drawing: Drawing, area: Area, scale: number, part: number): void {
  const canvas = drawing.get<Canvas>("canvas");
  const { width, height } = canvas.getSize();
  const left = covered(canvas);
  canvas.viewbox({
    x: area.x + area.width / 2 - (left + (width - left) * part) / scale,
    y: area.y + area.height / 2 - height / 2 / scale,
    width: width / scale,
    height: height / scale,
  });
}

/** The pixels on the left that the palette lies over. */
function covered(canvas: Canvas): number {
  const palette = canvas.getContainer().querySelector<HTMLElement>(".djs-palette");
  return palette === null ? 0 : palette.offsetLeft + palette.offsetWidth;
}

function placed(shape: Placed | undefined): shape is Placed & Area {
  return shape?.x !== undefined && shape.width !== undefined;
}

function first(registry: Registry): (Placed & Area) | undefined {
  return registry.filter((it) => it.type === "bpmn:StartEvent").filter(placed).sort((one, other) => one.x - other.x)[0];
}
