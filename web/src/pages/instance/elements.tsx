// The elements of the diagram as a list: for those who do not see it, and for the keyboard.

import { fill } from "../../format";
import { messages as m } from "../../messages/instance";
import type { Drawn } from "../../parts/diagram";
import type { Moment } from "./replay";

interface Props {
  drawn: Drawn[];
  moment: Moment;
  chosen: string | undefined;
  choose: (id: string) => void;
}

export function Elements({ drawn, moment: { marks, entered }, chosen, choose }: Props) {
  const told = (id: string): string => {
    if (marks.failed.has(id)) return m.states.incident;
    if (marks.waiting.has(id)) return m.waitsHere;
    if (marks.held.has(id)) return m.runsHere;
    const times = entered.get(id) ?? 0;
    return times === 0 ? m.notReached : times === 1 ? m.done : fill(m.times, { n: times });
  };
  return (
    <section class="card elements">
      <h2>{m.elements}</h2>
      <ul class="list">
        {drawn.map((it) => (
          <li key={it.id}>
            <button class="quiet" aria-pressed={it.id === chosen} onClick={() => choose(it.id)}>
              <span>{it.name}</span> <span class="faint">{told(it.id)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
