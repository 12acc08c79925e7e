// What has failed, and its repair: variables put right, and another try.

import { useState } from "preact/hooks";
import type { Incident, ProcessInstance } from "../../api/schema";
import { fill, moment } from "../../format";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import { changed, type Row, rowsOf, VariableRows } from "../../parts/variables";

interface Props {
  incidents: Incident[];
  instance: ProcessInstance;
  nameOf: (id: string) => string;
  again: () => void;
}

export function Incidents({ incidents, instance, nameOf, again }: Props) {
  const [repairing, setRepairing] = useState<Incident>();
  if (incidents.length === 0) return null;
  return (
    <section class="card failed">
      <h2>{m.incidents}</h2>
      <ul class="list">
        {incidents.map((it) => (
          <li key={it.key} class="split">
            <div>
              <strong class="problem"><span aria-hidden="true">!</span> {it.message}</strong>
              <div class="faint">{nameOf(it.element)} · {it.type} · {moment(it.at)}</div>
              {it.detail !== null && <details><summary>{m.detail}</summary><pre>{it.detail}</pre></details>}
            </div>
            <button class="primary" onClick={() => setRepairing(it)}>{m.retry}</button>
          </li>
        ))}
      </ul>
      {repairing !== undefined && (
        <Retry incident={repairing} title={fill(m.retryTitle, { element: nameOf(repairing.element) })} variables={instance.variables} close={() => { setRepairing(undefined); again(); }} />
      )}
    </section>
  );
}

interface RetryProps {
  incident: Incident;
  title: string;
  variables: Record<string, unknown>;
  close: () => void;
}

function Retry({ incident, title, variables, close }: RetryProps) {
  const [rows, setRows] = useState<Row[]>(() => rowsOf(variables));
  const [retries, setRetries] = useState("");
  const given = () => ({
    path: { incident: incident.key },
    body: { variables: changed(rows, variables), ...(retries && { retries: Number(retries) }) },
  });
  return (
    <Act title={title} yes={m.retry} operation="POST /api/v1/incidents/{incident}/resolve" given={given} done={close} close={close}>
      <p>{m.retryWith}</p>
      <VariableRows rows={rows} change={setRows} />
      <p><label>{m.retries} <input type="number" min="1" max="1000" value={retries} onInput={(event) => setRetries(event.currentTarget.value)} /></label></p>
    </Act>
  );
}
