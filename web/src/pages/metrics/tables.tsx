// Where time goes, which ways are taken, and versions beside each other.

import type { ProcessMetrics, VersionMetrics } from "../../api/schema";
import { duration, number, share } from "../../format";
import { messages as m } from "../../messages/metrics";
import type { Flow } from "../../parts/model";

const SHOWN = 12;
const took = (ms: number | null): string => (ms === null ? "–" : duration(ms));

export function Slowest({ metrics: { elements }, names }: { metrics: ProcessMetrics; names: Map<string, string> }) {
  const shown = elements.filter((it) => it.timing.number > 0).slice(0, SHOWN);
  return (
    <section class="card">
      <h2>{m.slowest}</h2>
      {shown.length === 0 ? <p class="faint">{m.noData}</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-label={m.slowest}>
          <table>
            <thead><tr><th scope="col">{m.element}</th>{[m.number, m.median, m.p95, m.total, m.incidents].map((it) => <th scope="col" class="number" key={it}>{it}</th>)}</tr></thead>
            <tbody>
              {shown.map(({ element, incidents, timing }) => (
                <tr key={element}>
                  <th scope="row">{names.get(element) ?? element}</th>
                  <td class="number">{number(timing.number)}</td>
                  <td class="number">{took(timing.median)}</td>
                  <td class="number">{took(timing.p95)}</td>
                  <td class="number">{duration(timing.total)}</td>
                  <td class="number">{number(incidents)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function Branches({ metrics: { flows }, flows: known }: { metrics: ProcessMetrics; flows: Map<string, Flow> }) {
  const bySource = new Map<string, number>();
  const ways = new Map<string, number>();
  for (const { source } of known.values()) ways.set(source, (ways.get(source) ?? 0) + 1);
  for (const it of flows) {
    const source = known.get(it.flow)?.source ?? "";
    bySource.set(source, (bySource.get(source) ?? 0) + it.number);
  }
  const shown = flows.filter((it) => (ways.get(known.get(it.flow)?.source ?? "") ?? 0) > 1).slice(0, SHOWN);
  if (shown.length === 0) return null;
  return (
    <section class="card">
      <h2>{m.branches}</h2>
      <ul class="bars">
        {shown.map((it) => {
          const flow = known.get(it.flow);
          const part = it.number / (bySource.get(flow?.source ?? "") || 1);
          return (
            <li key={it.flow}>
              <span>{flow?.name ?? it.flow}</span>
              <meter min={0} max={1} value={part} aria-label={flow?.name ?? it.flow} />
              <span class="number">{number(it.number)} · {share(part)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Versions({ metrics: { versions } }: { metrics: ProcessMetrics }) {
  const failing = (it: VersionMetrics) => (it.started === 0 ? "–" : share(it.incident / it.started));
  return (
    <section class="card">
      <h2>{m.versions}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={m.versions}>
        <table>
          <thead>
            <tr><th scope="col">{m.version}</th>{[m.counts.started, m.counts.completed, m.failed, m.median, m.p95].map((it) => <th scope="col" class="number" key={it}>{it}</th>)}</tr>
          </thead>
          <tbody>
            {[...versions].reverse().map((it) => (
              <tr key={it.version}>
                <th scope="row">{it.version}</th>
                <td class="number">{number(it.started)}</td>
                <td class="number">{number(it.completed)}</td>
                <td class="number">{failing(it)}</td>
                <td class="number">{took(it.cycle.median)}</td>
                <td class="number">{took(it.cycle.p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
