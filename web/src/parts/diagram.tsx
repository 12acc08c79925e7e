// A model as it is drawn, with what an instance has done on it.

import type NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { useEffect } from "preact/hooks";
import { fill } from "../format";
import { messages as m } from "../messages/common";
import { fitAll } from "./fitting";
import { useViewer } from "./viewer";

interface Canvas {
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  scrollToElement(id: string): void;
  zoom(): number;
  zoom(level: number, centre: "auto"): void;
}
interface Overlays {
  add(id: string, type: string, overlay: { position: object; html: HTMLElement }): void;
  remove(filter: { type: string }): void;
}
interface Shape {
  id: string;
  type: string;
  businessObject: { name?: string };
}
interface Registry {
  get(id: string): Shape | undefined;
  filter(wanted: (shape: Shape) => boolean): Shape[];
}

export interface Drawn {
  id: string;
  name: string;
  type: string;
}

const HEATS = ["heat1", "heat2", "heat3", "heat4", "heat5"] as const;
const MARKS = ["passed", "waiting", "held", "failed", "chosen", ...HEATS] as const;
const BADGES = "badges";
const ZOOM_STEP = 1.3;

/** What is marked on a diagram, by the ids of its elements and flows. */
export interface Marks {
  passed: Set<string>;
  /** Where tokens are, and how many. */
  waiting: Map<string, number>;
  /** What holds a scope in which tokens are. */
  held: Set<string>;
  failed: Set<string>;
}

export interface Badge {
  text: string;
  kind: "token" | "failed" | "count" | "leaves" | "comes";
}

interface Props {
  xml: string;
  marks: Marks;
  /** In place of the numbers of the tokens. */
  badges?: Map<string, Badge>;
  /** From 0 to 1. */
  heat?: Map<string, number>;
  chosen: string | undefined;
  choose: (id: string) => void;
  /** Told of the elements once they are drawn, for the list beside the diagram. */
  drawn: (elements: Drawn[]) => void;
}

export function Diagram({ xml, marks, badges, heat, chosen, choose, drawn }: Props) {
  const around = () => [...marks.failed, ...marks.waiting.keys()];
  const { box, viewer, error } = useViewer(xml, choose, (made) => drawn(elementsOf(made.get<Registry>("elementRegistry"))), around);

  useEffect(() => {
    if (viewer !== undefined) mark(viewer, marks, badges ?? tokensOf(marks), heat, chosen);
  }, [viewer, marks, badges, heat, chosen]);

  useEffect(() => {
    if (viewer?.get<Registry>("elementRegistry").get(chosen ?? "") !== undefined) viewer.get<Canvas>("canvas").scrollToElement(chosen!);
  }, [viewer, chosen]);

  const zoom = (by: number) => {
    const canvas = viewer?.get<Canvas>("canvas");
    canvas?.zoom(canvas.zoom() * by, "auto");
  };
  return (
    <>
      {error !== undefined && <p class="problem" role="alert">{fill(m.noDiagram, { reason: error.message })}</p>}
      <div class="viewed">
        <div class="diagram" ref={box} inert={viewer === undefined} />
        <div class="zooms" role="group" aria-label={m.zoom}>
          <button onClick={() => zoom(1 / ZOOM_STEP)} aria-label={m.zoomOut} title={m.zoomOut}>−</button>
          <button onClick={() => viewer !== undefined && fitAll(viewer)}>{m.fit}</button>
          <button onClick={() => zoom(ZOOM_STEP)} aria-label={m.zoomIn} title={m.zoomIn}>+</button>
        </div>
      </div>
    </>
  );
}

function elementsOf(registry: Registry): Drawn[] {
  const skipped = new Set(["label", "bpmn:Process", "bpmn:Collaboration", "bpmn:SequenceFlow", "bpmn:MessageFlow"]);
  return registry
    .filter((shape) => !skipped.has(shape.type) && !shape.id.endsWith("_label"))
    .map(({ id, type, businessObject }) => ({ id, name: businessObject.name || id, type: type.replace("bpmn:", "") }));
}

/** The number of the tokens at each element. */
function tokensOf({ waiting, failed }: Marks): Map<string, Badge> {
  const badge = ([id, count]: [string, number]): [string, Badge] =>
    failed.has(id) ? [id, { text: `! ${count}`, kind: "failed" }] : [id, { text: String(count), kind: "token" }];
  return new Map([...waiting].map(badge));
}

function mark(viewer: NavigatedViewer, marks: Marks, badges: Map<string, Badge>, heat: Map<string, number> | undefined, chosen: string | undefined): void {
  const canvas = viewer.get<Canvas>("canvas");
  const overlays = viewer.get<Overlays>("overlays");
  const registry = viewer.get<Registry>("elementRegistry");
  overlays.remove({ type: BADGES });
  for (const { id } of registry.filter(() => true)) {
    const wanted: Set<string> = new Set(chosen === id ? ["chosen"] : []);
    for (const name of ["passed", "waiting", "held", "failed"] as const) if (marks[name].has(id)) wanted.add(name);
    const warmth = heat?.get(id);
    if (warmth !== undefined) wanted.add(HEATS[Math.min(HEATS.length - 1, Math.floor(warmth * HEATS.length))]!);
    for (const name of MARKS) canvas[wanted.has(name) ? "addMarker" : "removeMarker"](id, name);
  }
  for (const [id, { text, kind }] of badges) {
    if (registry.get(id) === undefined) continue;
    const html = document.createElement("span");
    html.className = `token ${kind}`;
    html.textContent = text;
    overlays.add(id, BADGES, { position: { top: -12, right: 12 }, html });
  }
}
