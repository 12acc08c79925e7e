// What its business rule tasks decided: the rules that matched, on which inputs.

import type { HistoryEvent } from "../../api/schema";
import { clock, fill } from "../../format";
import { messages as m } from "../../messages/instance";
import { Json } from "../../parts/json";

interface Matched {
  table?: string;
  rules?: (string | number)[];
  inputs?: Record<string, unknown>;
  outputs?: unknown[];
}

export function Decisions({ history, nameOf }: { history: HistoryEvent[]; nameOf: (id: string) => string }) {
  const made = history.filter((it) => it.event === "decision_evaluated");
  if (made.length === 0) return null;
  return (
    <section class="card">
      <h2>{m.decisions}</h2>
      <ul class="list">
        {made.map((it) => {
          const { decision, version, variables, reasons } = it.data as Record<string, unknown>;
          const matched = ((reasons as { matched?: Matched[] } | undefined)?.matched ?? []) as Matched[];
          return (
            <li key={it.seq}>
              <strong>{String(decision)}</strong> <span class="faint">{nameOf(it.element ?? "")} · {fill(m.decided, { version: String(version) })} · {clock(it.at)}</span>
              <dl class="facts-list">
                {Object.entries((variables as Record<string, unknown>) ?? {}).map(([name, value]) => (
                  <div key={name}><dt>{name}</dt><dd><Json value={value} /></dd></div>
                ))}
              </dl>
              {matched.map((table, index) => (
                <details key={index} open={matched.length === 1}>
                  <summary>{table.table ?? decision as string}: {table.rules?.length ? table.rules.map((rule) => fill(m.rule, { rule })).join(", ") : m.noRule}</summary>
                  <dl class="facts-list">
                    <div><dt>{m.inputs}</dt><dd><Json value={table.inputs} /></dd></div>
                    <div><dt>{m.outputs}</dt><dd><Json value={table.outputs} /></dd></div>
                  </dl>
                </details>
              ))}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
