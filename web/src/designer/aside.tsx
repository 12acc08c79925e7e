// What stands beside a drawing, one tab at a time; a tab that is not chosen stays as it is.

import type { ComponentChildren, Ref } from "preact";
import type { Finding } from "../api/schema";
import { messages as m } from "../messages/designer";

export type Tab = "properties" | "decide" | "elementsList" | "problems" | "feel";

interface Props {
  tab: Tab;
  choose: (tab: Tab) => void;
  findings: Finding[] | undefined;
  tabs: { id: Tab; holds?: ComponentChildren; box?: Ref<HTMLDivElement> }[];
}

export function Aside({ tab, choose, findings, tabs }: Props) {
  const count = (findings ?? []).filter((it) => it.severity !== "info").length;
  return (
    <section class="aside" aria-label={m[tab]}>
      <div class="tabs" role="tablist">
        {tabs.map(({ id }) => (
          <button key={id} role="tab" id={`tab-${id}`} aria-controls={`panel-${id}`} aria-selected={id === tab} onClick={() => choose(id)}>
            {m[id]}{id === "problems" && count > 0 && <span class="count">{count}</span>}
          </button>
        ))}
      </div>
      {tabs.map(({ id, holds, box }) => (
        <div key={id} class="panel" role="tabpanel" id={`panel-${id}`} aria-labelledby={`tab-${id}`} hidden={id !== tab} ref={box}>{holds}</div>
      ))}
    </section>
  );
}
