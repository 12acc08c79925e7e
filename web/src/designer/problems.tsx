// What the server has to say about the model: as a list, and as badges on the elements.

import type Modeler from "bpmn-js/lib/Modeler";
import type { Finding } from "../api/schema";
import { messages as m } from "../messages/designer";
import type { Drawn } from "./elements";
import type { Overlays, Registry } from "./services";

const BADGES = "findings";
const SEVERITIES = ["error", "warning", "info"] as const;
const SIGNS: Record<Finding["severity"], string> = { error: "✕", warning: "!", info: "i" };

/** The findings, the gravest first; those of one severity in the order of the file. */
export const ordered = (findings: Finding[]): Finding[] =>
  SEVERITIES.flatMap((severity) => findings.filter((it) => it.severity === severity));

interface Props {
  findings: Finding[] | undefined;
  drawn: Drawn[];
  chosen: string | undefined;
  choose: (id: string) => void;
}

export function Problems({ findings, drawn, chosen, choose }: Props) {
  if (findings === undefined) return <p class="faint">{m.checking}</p>;
  if (findings.length === 0) return <p class="fine">✓ {m.noProblems}</p>;
  const names = new Map(drawn.map((it) => [it.id, it.name]));
  return (
    <ul class="list problems">
      {ordered(findings).map((it, position) => (
        <li key={position} class={it.element !== null && it.element === chosen ? "chosen" : ""}>
          <span class={`severity ${it.severity}`}><span aria-hidden="true">{SIGNS[it.severity]}</span> {m.severities[it.severity]}</span>{" "}
          {it.element !== null && names.has(it.element)
            ? <button class="quiet" onClick={() => choose(it.element!)}>{names.get(it.element)}</button>
            : <span class="faint">{it.element ?? m.wholeFile}</span>}
          <div>{it.message}</div>
          <div class="faint">{it.remedy}</div>
        </li>
      ))}
    </ul>
  );
}

/** Put a badge with the gravest severity on each element that something is to be said about. */
export function showBadges(modeler: Modeler, findings: Finding[], open: (element: string) => void): void {
  const overlays = modeler.get<Overlays>("overlays");
  const registry = modeler.get<Registry>("elementRegistry");
  overlays.remove({ type: BADGES });
  for (const element of new Set(findings.map((it) => it.element))) {
    const told = ordered(findings.filter((it) => it.element === element));
    const gravest = told[0]!;
    // What has no shape of its own, as the process itself, is in the list only.
    if (element === null || registry.get(element)?.parent === undefined) continue;
    const badge = document.createElement("button");
    badge.className = `badge ${gravest.severity}`;
    badge.textContent = SIGNS[gravest.severity];
    badge.title = told.map((it) => `${m.severities[it.severity]}: ${it.message}`).join("\n");
    badge.setAttribute("aria-label", badge.title);
    badge.addEventListener("click", () => open(element));
    overlays.add(element, BADGES, { position: { top: -10, left: -10 }, html: badge });
  }
}
