// How workflows do: how many, how long, where time goes, which ways are taken.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../../api/client";
import { deployments, useLive } from "../../api/live";
import type { ProcessMetrics, VersionMetrics } from "../../api/schema";
import { duration, number } from "../../format";
import { messages as m } from "../../messages/metrics";
import { Problem } from "../../parts/problem";
import { type Cell, csvOf, download } from "./csv";
import { Course, Distribution } from "./course";
import { Heat } from "./heat";
import { namesOf } from "../../parts/model";
import { asked, isRange, RANGES, type Range } from "./range";
import { Branches, Slowest, Versions } from "./tables";

const COUNTS = ["started", "active", "incident", "completed", "cancelled"] as const;

export function Metrics() {
  const { query, route } = useLocation();
  const range: Range = isRange(query["range"]) ? query["range"] : "7d";
  const process = query["processId"] ?? "";
  const version = query["version"] ?? "";
  const go = (wanted: Record<string, string>) => {
    const kept = Object.entries({ range, processId: process, version, ...wanted }).filter(([, text]) => text !== "");
    route(`/insights?${new URLSearchParams(kept)}`);
  };
  const processes = useLive(() => call("GET /api/v1/processes", { query: { limit: 1000 } }), "processes", deployments);
  const names = new Map(processes.value?.items.map((it) => [it.id, it.name]));
  return (
    <>
      <div class="title">
        <h1>{m.metrics}</h1>
        <div class="acts">
          <div class="segments" role="group" aria-label={m.range}>
            {(Object.keys(RANGES) as Range[]).map((one) => (
              <button key={one} aria-pressed={one === range} onClick={() => go({ range: one })}>{m.ranges[one]}</button>
            ))}
          </div>
        </div>
      </div>
      <div class="filter">
        <label>{m.workflow}
          <select value={process} onChange={(event) => go({ processId: event.currentTarget.value, version: "" })}>
            <option value="">{m.all}</option>
            {[...names].map(([id, name]) => <option key={id} value={id} selected={id === process}>{name}</option>)}
          </select>
        </label>
        {process !== "" && <VersionChoice process={process} version={version} go={go} />}
      </div>
      <Problem error={processes.error} again={processes.again} />
      {process === "" ? <All range={range} names={names} go={go} /> : <One key={process} process={process} version={version} range={range} />}
    </>
  );
}

type Go = (wanted: Record<string, string>) => void;

function VersionChoice({ process, version, go }: { process: string; version: string; go: Go }) {
  const { value } = useLive(() => call("GET /api/v1/definitions", { query: { kind: "process", id: process, limit: 1000 } }), process, deployments);
  return (
    <label>{m.version}
      <select value={version} onChange={(event) => go({ version: event.currentTarget.value })}>
        <option value="">{m.allVersions}</option>
        {value?.items.map((it) => <option key={it.key} value={it.version} selected={it.version === version}>{it.version}</option>)}
      </select>
    </label>
  );
}

const of = (id: string) => (change: { many: boolean; instances: { processId: string }[] }) => change.many || change.instances.some((it) => it.processId === id);

function All({ range, names, go }: { range: Range; names: Map<string, string>; go: Go }) {
  const { unit: _, ...query } = asked(range, Date.now());
  const { value, error, again } = useLive(() => call("GET /api/v1/processes/metrics", { query }), range, (it) => it.many || it.instances.length > 0);
  if (value === undefined) return <><Problem error={error} again={again} />{error === undefined && <p class="faint">{m.loading}</p>}</>;
  if (value.items.length === 0) return <p class="faint">{m.nothing}</p>;
  return (
    <section class="card">
      <div class="scroll" tabIndex={0} role="region" aria-label={m.all}>
        <table>
          <thead>
            <tr>
              <th scope="col">{m.workflow}</th>
              {COUNTS.map((one) => <th scope="col" class="number" key={one}>{m.counts[one]}</th>)}
              <th scope="col" class="number">{m.median}</th>
              <th scope="col" class="number">{m.p95}</th>
            </tr>
          </thead>
          <tbody>
            {value.items.map((it) => (
              <tr key={it.processId}>
                <th scope="row"><button class="link" onClick={() => go({ processId: it.processId })}>{names.get(it.processId) ?? it.processId}</button></th>
                {COUNTS.map((one) => <td class="number" key={one}>{number(it[one])}</td>)}
                <td class="number">{it.cycle.median === null ? "–" : duration(it.cycle.median)}</td>
                <td class="number">{it.cycle.p95 === null ? "–" : duration(it.cycle.p95)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function One({ process, version, range }: { process: string; version: string; range: Range }) {
  const query = { ...asked(range, Date.now()), ...(version !== "" && { version }) };
  const { value, error, again } = useLive(
    () => call("GET /api/v1/processes/{process}/metrics", { path: { process }, query }),
    `${range} ${version}`,
    of(process),
  );
  const [xml, setXml] = useState<string>();
  const newest = value?.versions.at(-1)?.version;
  const drawn = version || (newest ?? undefined);
  useEffect(() => {
    if (drawn === undefined) return;
    call("GET /api/v1/definitions", { query: { kind: "process", id: process, version: drawn } })
      .then(({ items }) => call("GET /api/v1/definitions/{key}/xml", { path: { key: items[0]?.key ?? "" } }))
      // Without the model there are the tables.
      .then(setXml, () => undefined);
  }, [drawn]);
  if (value === undefined) return <><Problem error={error} again={again} />{error === undefined && <p class="faint">{m.loading}</p>}</>;
  const named = xml === undefined ? { elements: new Map<string, string>(), nodes: new Map<string, string>(), flows: new Map() } : namesOf(xml);
  return (
    <>
      <Problem error={error} again={again} />
      <Totals total={value.total} />
      {xml !== undefined && <Heat xml={xml} metrics={value} />}
      <Course metrics={value} />
      <p class="acts end"><button onClick={() => download(`${process}-${range}.csv`, tableOf(value))}>{m.exportCsv}</button></p>
      <div class="pair">
        <Slowest metrics={value} names={named.elements} />
        <Branches metrics={value} flows={named.flows} />
        <Distribution metrics={value} />
        <Versions metrics={value} />
      </div>
    </>
  );
}

function Totals({ total }: { total: VersionMetrics }) {
  return (
    <dl class="tiles">
      {COUNTS.map((one) => (
        <div key={one} class={`card ${one}${total[one] > 0 ? " some" : ""}`}><dt>{m.counts[one]}</dt><dd>{number(total[one])}</dd></div>
      ))}
      <div class="card"><dt>{m.median}</dt><dd>{total.cycle.median === null ? "–" : duration(total.cycle.median)}</dd></div>
      <div class="card"><dt>{m.p95}</dt><dd>{total.cycle.p95 === null ? "–" : duration(total.cycle.p95)}</dd></div>
    </dl>
  );
}

/** All that the page shows, one table under the other. */
function tableOf({ total, versions, course, elements, flows }: ProcessMetrics): string {
  const summary = (it: VersionMetrics): Cell[] => [it.version, ...COUNTS.map((one) => it[one]), it.cycle.mean, it.cycle.median, it.cycle.p95];
  return csvOf([
    ["version", ...COUNTS, "cycle_mean_ms", "cycle_median_ms", "cycle_p95_ms"],
    summary(total),
    ...versions.map(summary),
    [],
    ["at", "started", "completed", "incidents", "median_ms", "p95_ms"],
    ...course.map((it): Cell[] => [it.at, it.started, it.completed, it.incidents, it.median, it.p95]),
    [],
    ["element", "times", "incidents", "total_ms", "mean_ms", "median_ms", "p95_ms"],
    ...elements.map(({ element, incidents, timing: t }): Cell[] => [element, t.number, incidents, t.total, t.mean, t.median, t.p95]),
    [],
    ["flow", "times"],
    ...flows.map((it): Cell[] => [it.flow, it.number]),
  ]);
}
