// The diagram as a map: warm is where instances go often, or stay long, or fail.

import { useMemo, useState } from "preact/hooks";
import type { ElementMetrics, ProcessMetrics } from "../../api/schema";
import { duration, number } from "../../format";
import { messages as m } from "../../messages/metrics";
import { type Badge, Diagram, type Drawn, type Marks } from "../../parts/diagram";

const NOTHING: Marks = { passed: new Set(), waiting: new Map(), held: new Set(), failed: new Set() };
type Shown = keyof typeof m.heats;

const valueOf = ({ incidents, timing }: ElementMetrics, shown: Shown): number =>
  shown === "incidents" ? incidents : (timing[shown] ?? 0);

export function Heat({ xml, metrics }: { xml: string; metrics: ProcessMetrics }) {
  const [shown, setShown] = useState<Shown>("total");
  const [chosen, setChosen] = useState<string>();
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const words = (value: number) => (shown === "total" || shown === "median" ? duration(value) : number(value));
  const values = useMemo(
    () => new Map(metrics.elements.map((it) => [it.element, valueOf(it, shown)] as const).filter(([, value]) => value > 0)),
    [metrics, shown],
  );
  const most = Math.max(...values.values(), 0);
  // The root lets what is small beside the largest be seen at all.
  const heat = useMemo(() => new Map([...values].map(([id, value]) => [id, Math.sqrt(value / most)])), [values]);
  const badges = useMemo(() => new Map([...values].map(([id, value]): [string, Badge] => [id, { text: words(value), kind: "count" }])), [values]);
  return (
    <section class="card">
      <div class="head">
        <h2>{m.heat}</h2>
        <div class="segments" role="group" aria-label={m.shownAs}>
          {(Object.keys(m.heats) as Shown[]).map((one) => (
            <button key={one} aria-pressed={one === shown} onClick={() => setShown(one)}>{m.heats[one]}</button>
          ))}
        </div>
      </div>
      <Diagram xml={xml} marks={NOTHING} badges={badges} heat={heat} chosen={chosen} choose={setChosen} drawn={setDrawn} />
      <ul class="unseen" aria-label={m.heats[shown]}>
        {drawn.map((it) => <li key={it.id}>{it.name}: {words(values.get(it.id) ?? 0)}</li>)}
      </ul>
    </section>
  );
}
