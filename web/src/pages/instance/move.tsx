// Tokens moved by hand: planned on the diagram, seen there before anything happens.

import { useState } from "preact/hooks";
import type { ProcessInstance } from "../../api/schema";
import { fill } from "../../format";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import { type Badge, Diagram, type Drawn, type Marks } from "../../parts/diagram";
import { emptyRow, type Row, VariableRows, variablesOf } from "../../parts/variables";

interface Props {
  instance: ProcessInstance;
  xml: string;
  marks: Marks;
  done: () => void;
  close: () => void;
}

/** The tokens of each element, and what is planned there. */
function planned({ waiting, failed }: Marks, put: string[], taken: string[]): Map<string, Badge> {
  const badges = new Map<string, Badge>();
  for (const [id, count] of waiting) {
    badges.set(id, taken.includes(id) ? { text: `−${count}`, kind: "leaves" } : { text: String(count), kind: failed.has(id) ? "failed" : "token" });
  }
  for (const id of put) badges.set(id, { text: badges.has(id) ? `${badges.get(id)!.text} +1` : "+1", kind: "comes" });
  return badges;
}

export function Move({ instance, xml, marks, done, close }: Props) {
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [put, setPut] = useState<string[]>([]);
  const [taken, setTaken] = useState<string[]>([]);
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const nameOf = (id: string) => drawn.find((it) => it.id === id)?.name ?? id;
  const given = () => {
    const variables = variablesOf(rows);
    return {
      path: { instance: instance.id },
      body: { activate: put.map((element) => ({ element, variables })), terminate: taken.map((element) => ({ element })) },
    };
  };
  const nothing = put.length + taken.length === 0;
  return (
    <Act title={m.moveTitle} yes={m.move} operation="POST /api/v1/process-instances/{instance}/modify" given={given} done={done} close={close} disabled={nothing} kind="wide">
      <p>{m.moveHelp}</p>
      <Diagram xml={xml} marks={marks} badges={planned(marks, put, taken)} chosen={chosen} choose={setChosen} drawn={setDrawn} />
      <div class="filter">
        <label>{m.element}
          <select value={chosen ?? ""} onChange={(event) => setChosen(event.currentTarget.value || undefined)}>
            <option value="" />
            {drawn.map((it) => <option key={it.id} value={it.id} selected={it.id === chosen}>{it.name}</option>)}
          </select>
        </label>
        {chosen !== undefined && (
          <>
            <button type="button" disabled={put.includes(chosen)} onClick={() => setPut([...put, chosen])}>{fill(m.putHere, { element: nameOf(chosen) })}</button>
            <button type="button" disabled={!marks.waiting.has(chosen) || taken.includes(chosen)} onClick={() => setTaken([...taken, chosen])}>{fill(m.takeAway, { element: nameOf(chosen) })}</button>
          </>
        )}
      </div>
      <h3>{m.planned}</h3>
      {nothing && <p class="faint">{m.nothingPlanned}</p>}
      <ul class="list">
        {taken.map((id) => (
          <li key={`take ${id}`} class="split"><span>− {fill(m.plannedTake, { element: nameOf(id) })}</span><button type="button" class="quiet" onClick={() => setTaken(taken.filter((it) => it !== id))}>{m.undo}</button></li>
        ))}
        {put.map((id) => (
          <li key={`put ${id}`} class="split"><span>+ {fill(m.plannedPut, { element: nameOf(id) })}</span><button type="button" class="quiet" onClick={() => setPut(put.filter((it) => it !== id))}>{m.undo}</button></li>
        ))}
      </ul>
      {put.length > 0 && <details><summary>{m.withVariables}</summary><VariableRows rows={rows} change={setRows} /></details>}
    </Act>
  );
}
