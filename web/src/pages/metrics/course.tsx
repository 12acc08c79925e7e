// The course over time, as curves and as a table; and how many took how long.

import { useMemo } from "preact/hooks";
import type { ProcessMetrics } from "../../api/schema";
import { duration, fill, moment, number } from "../../format";
import { messages as m } from "../../messages/metrics";
import { Chart, type Series } from "../../parts/chart";

export function Course({ metrics: { course } }: { metrics: ProcessMetrics }) {
  const at = useMemo(() => course.map((it) => Date.parse(it.at)), [course]);
  const counts = useMemo((): Series[] => [
    { label: m.counts.started, colour: "--accent", values: course.map((it) => it.started), bars: true },
    { label: m.counts.completed, colour: "--good", values: course.map((it) => it.completed) },
    { label: m.incidents, colour: "--bad", values: course.map((it) => it.incidents) },
  ], [course]);
  const times = useMemo((): Series[] => [
    { label: m.median, colour: "--accent", values: course.map((it) => it.median) },
    { label: m.p95, colour: "--warn", values: course.map((it) => it.p95) },
  ], [course]);
  if (course.length === 0) return <p class="faint">{m.noData}</p>;
  return (
    <div class="pair">
      <section class="card">
        <h2>{m.throughput}</h2>
        <Chart label={m.throughput} at={at} series={counts} format={number} />
        <details>
          <summary>{m.asTable}</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label={m.throughput}>
            <table>
              <thead><tr><th scope="col">{m.at}</th>{counts.map((it) => <th scope="col" class="number" key={it.label}>{it.label}</th>)}</tr></thead>
              <tbody>
                {course.map((it) => (
                  <tr key={it.at}><th scope="row">{moment(it.at)}</th><td class="number">{number(it.started)}</td><td class="number">{number(it.completed)}</td><td class="number">{number(it.incidents)}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </section>
      <section class="card">
        <h2>{m.cycleCourse} <span class="faint">{m.cycleHelp}</span></h2>
        <Chart label={m.cycleCourse} at={at} series={times} format={duration} />
      </section>
    </div>
  );
}

export function Distribution({ metrics: { distribution } }: { metrics: ProcessMetrics }) {
  const most = Math.max(...distribution.map((it) => it.number), 1);
  return (
    <section class="card">
      <h2>{m.distribution} <span class="faint">{m.cycleHelp}</span></h2>
      {distribution.length === 0 && <p class="faint">{m.noData}</p>}
      <ul class="bars">
        {distribution.map((it) => (
          <li key={it.lower}>
            <span class="number">{fill(m.bar, { lower: duration(it.lower), upper: duration(it.upper) })}</span>
            <meter min={0} max={most} value={it.number} aria-label={fill(m.bar, { lower: duration(it.lower), upper: duration(it.upper) })} />
            <span class="number">{number(it.number)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
