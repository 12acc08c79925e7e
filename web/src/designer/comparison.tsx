// Two files of a kind side by side, with what is different drawn on both and told in a list.

import { useEffect, useState } from "preact/hooks";
import { messages as m } from "../messages/designer";
import { Problem } from "../parts/problem";
import type { Kind } from "./checking";
import { type Difference, differences } from "./differences";
import { SIDES } from "./sides";

export interface Compared {
  name: string;
  content: string;
}

export function Comparison({ before, after, kind }: { before: Compared; after: Compared; kind: Kind }) {
  const Side = SIDES[kind];
  const [found, setFound] = useState<Difference[]>();
  const [error, setError] = useState<Error>();
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    setFound(undefined);
    setError(undefined);
    differences(kind, before.content, after.content).then(setFound, setError);
  }, [before.content, after.content]);
  return (
    <div class="comparison">
      <Problem error={error} />
      <div class="pair">
        {[before, after].map((it, position) => (
          <section key={position} aria-label={it.name}>
            <h3>{it.name}</h3>
            <Side content={it.content} differences={found ?? []} chosen={chosen} choose={setChosen} />
          </section>
        ))}
      </div>
      <h3>{m.differences}</h3>
      {found?.length === 0 && <p class="fine">✓ {m.noDifferences}</p>}
      <ul class="list elements">
        {found?.map((it) => (
          <li key={`${it.change} ${it.id}`}>
            <button class="quiet" aria-pressed={it.id === chosen} onClick={() => setChosen(it.id)}>
              <span><span class={`difference ${it.change}`}>{m.changes[it.change]}</span> {it.name}</span>
              <span class="faint">{it.detail}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
