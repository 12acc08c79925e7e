// Where the elements of one version go on in another: both drawn, with a line from each element to its place.

import { useEffect, useRef, useState } from "preact/hooks";
import { fill } from "../format";
import { messages as m } from "../messages/common";
import { type Badge, Diagram, type Drawn, type Marks } from "./diagram";

export type Mapping = Record<string, string>;

interface Props {
  source: string;
  target: string;
  /** What is marked on the source. */
  marks: Marks;
  /** The elements that go on somewhere, each by its id in the source. */
  from: string[];
  mapping: Mapping;
  change: (mapping: Mapping) => void;
}

/** How far a line bends upwards, so that it does not run through what is drawn between its ends. */
const RISE = 90;

const without = (mapping: Mapping, id: string): Mapping => Object.fromEntries(Object.entries(mapping).filter(([from]) => from !== id));

export const nothingMarked: Marks = { passed: new Set(), held: new Set(), failed: new Set(), waiting: new Map() };

/** Of many instances nobody knows how many tokens there are. */
const NO_NUMBERS = new Map<string, Badge>();

export function Mapped({ source, target, marks, from, mapping, change }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [here, setHere] = useState<Drawn[]>([]);
  const [there, setThere] = useState<Drawn[]>([]);
  const [chosen, setChosen] = useState<string>();
  const lines = useLines(box, from.map((id) => [id, mapping[id] ?? id]));
  const goals: Marks = { ...nothingMarked, waiting: new Map(from.map((id) => [mapping[id] ?? id, marks.waiting.get(id) ?? 1])) };
  const put = (id: string, to: string) => change({ ...without(mapping, id), ...(to !== "" && to !== id && { [id]: to }) });
  const nameOf = (id: string) => here.find((it) => it.id === id)?.name ?? id;
  return (
    <>
      <p class="faint">{m.mappingHelp}</p>
      <div class="pair mapped" ref={box}>
        <section aria-label={m.mapFrom}><h3>{m.mapFrom}</h3><Diagram xml={source} marks={marks} chosen={chosen} choose={(id) => setChosen(from.includes(id) ? id : undefined)} drawn={setHere} /></section>
        <section aria-label={m.mapTo}><h3>{m.mapTo}</h3><Diagram xml={target} marks={goals} {...(marks.waiting.size === 0 && { badges: NO_NUMBERS })} chosen={chosen && (mapping[chosen] ?? chosen)} choose={(id) => chosen !== undefined && there.some((it) => it.id === id) && put(chosen, id)} drawn={setThere} /></section>
        <svg class="lines" aria-hidden="true">
          {lines.map(({ id, x1, y1, x2, y2 }) => (
            <g key={id} class={id === chosen ? "chosen" : undefined}><path d={`M${x1} ${y1} Q${(x1 + x2) / 2} ${Math.min(y1, y2) - RISE} ${x2} ${y2}`} /><circle cx={x2} cy={y2} r="4" /></g>
          ))}
        </svg>
      </div>
      <h3>{m.mapping}</h3>
      <div class="filter">
        {from.map((id) => (
          <label key={id}>{nameOf(id)}
            <select aria-label={fill(m.mapsTo, { element: nameOf(id) })} value={mapping[id] ?? ""} onFocus={() => setChosen(id)} onChange={(event) => put(id, event.currentTarget.value)}>
              <option value="">{m.sameElement}</option>
              {there.map((it) => <option key={it.id} value={it.id}>{it.name}</option>)}
            </select>
          </label>
        ))}
      </div>
    </>
  );
}

interface Line {
  id: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Lines between the two diagrams of a box, which follow as these are moved and zoomed. */
function useLines(box: { current: HTMLDivElement | null }, pairs: [string, string][]): Line[] {
  const [lines, setLines] = useState<Line[]>([]);
  const latest = useRef(pairs);
  latest.current = pairs;
  useEffect(() => {
    let frame = 0;
    let told = "";
    const look = () => {
      const found = box.current === null ? [] : linesIn(box.current, latest.current);
      const text = JSON.stringify(found);
      if (text !== told) setLines(found);
      told = text;
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, []);
  return lines;
}

function linesIn(box: HTMLElement, pairs: [string, string][]): Line[] {
  const [before, after] = box.querySelectorAll<HTMLElement>(".diagram");
  const around = box.getBoundingClientRect();
  const middle = (diagram: HTMLElement | undefined, id: string) => {
    const shape = diagram?.querySelector(`[data-element-id="${CSS.escape(id)}"]`);
    if (!shape || !diagram) return undefined;
    const { x, y, width } = shape.getBoundingClientRect();
    const [at, view] = [{ x: x + width / 2, y }, diagram.getBoundingClientRect()];
    // What is out of sight has no line.
    if (at.x < view.left || at.x > view.right || at.y < view.top || at.y > view.bottom) return undefined;
    return { x: Math.round(at.x - around.x), y: Math.round(at.y - around.y) };
  };
  return pairs.flatMap(([from, to]) => {
    const [one, other] = [middle(before, from), middle(after, to)];
    return one === undefined || other === undefined ? [] : [{ id: from, x1: one.x, y1: one.y, x2: other.x, y2: other.y }];
  });
}
