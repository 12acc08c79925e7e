// The elements of a drawing as a list, for those who do not see it and for those who look for one.

import { messages as m } from "../messages/designer";
import type { Registry } from "./services";

export interface Drawn {
  id: string;
  name: string;
  type: string;
}

const words = (type: string): string =>
  type.replace(/^\w+:/, "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

const SKIPPED = new Set(["label", "bpmn:Process", "bpmn:Collaboration"]);

export const drawnOf = (registry: Registry): Drawn[] =>
  registry
    .filter((it) => !SKIPPED.has(it.type) && !it.id.endsWith("_label") && it.businessObject !== undefined)
    .map(({ id, type, businessObject }) => ({ id, name: businessObject.name || id, type: words(type) }));

interface Props {
  drawn: Drawn[];
  chosen: string | undefined;
  choose: (id: string) => void;
}

export function Elements({ drawn, chosen, choose }: Props) {
  return (
    <ul class="list elements">
      {drawn.map((it) => (
        <li key={it.id}>
          <button class="quiet" aria-pressed={it.id === chosen} onClick={() => choose(it.id)}>
            <span>{it.name}</span> <span class="faint">{it.type}</span>
          </button>
        </li>
      ))}
      {drawn.length === 0 && <li class="faint">{m.loading}</li>}
    </ul>
  );
}
