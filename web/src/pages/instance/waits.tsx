// What the instance waits for, and how to let it happen.

import { useState } from "preact/hooks";
import type { ProcessInstance, Wait } from "../../api/schema";
import { ago, fill, moment } from "../../format";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import { emptyRow, type Row, VariableRows, variablesOf } from "../../parts/variables";

const TRIGGERED = new Set<Wait["kind"]>(["timer", "message", "signal", "condition"]);

interface Props {
  instance: ProcessInstance;
  waits: Wait[];
  nameOf: (id: string) => string;
  again: () => void;
}

export function Waits({ instance, waits, nameOf, again }: Props) {
  const [let_, setLet] = useState<{ element: string; title: string; elementInstance?: number }>();
  if (instance.endedAt !== null) return null;
  const shown = waits.filter((it) => it.kind !== "incident");
  if (shown.length === 0 && waits.length > 0) return null;
  return (
    <section class="card">
      <h2>{m.waiting}</h2>
      {shown.length === 0 && <p class="faint">{m.nothingAwaited}</p>}
      <ul class="list">
        {shown.map((it, index) => (
          <li key={index} class="split">
            <div>
              <strong>{nameOf(it.element)}</strong>
              <div class="faint">
                {m.kinds[it.kind]}
                {it.name != null && it.name !== nameOf(it.element) && <> · {it.name}</>}
                {it.correlationKey != null && <> · {fill(m.correlation, { key: it.correlationKey })}</>}
                {it.due != null && <> · <time dateTime={it.due} title={moment(it.due)}>{ago(it.due)}</time></>}
              </div>
            </div>
            <div class="acts">
              {it.kind === "user_task" && <a class="button" href={`/tasks?task=${encodeURIComponent(it.key ?? "")}`}>{m.toTask}</a>}
              {it.kind === "call" && <a class="button" href={`/instances/${it.key}`}>{m.toCalled}</a>}
              {TRIGGERED.has(it.kind) && (
                <button onClick={() => setLet({ element: it.element, title: fill(m.triggerTitle, { element: nameOf(it.element) }) })}>{m.trigger}</button>
              )}
              {it.activities?.map((activity) => (
                <button key={activity} onClick={() => setLet({ element: activity, title: fill(m.begin, { element: nameOf(activity) }) })}>{fill(m.begin, { element: nameOf(activity) })}</button>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {let_ !== undefined && <Trigger instance={instance} element={let_.element} title={let_.title} close={() => { setLet(undefined); again(); }} />}
    </section>
  );
}

function Trigger({ instance, element, title, close }: { instance: ProcessInstance; element: string; title: string; close: () => void }) {
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const given = () => ({ path: { instance: instance.id }, body: { element, variables: variablesOf(rows) } });
  return (
    <Act title={title} yes={m.trigger} operation="POST /api/v1/process-instances/{instance}/trigger" given={given} done={close} close={close}>
      <p>{m.triggerHelp}</p>
      <VariableRows rows={rows} change={setRows} />
    </Act>
  );
}
