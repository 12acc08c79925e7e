// One instance: where it is, how it came there, what has failed, and what can be done about it.

import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client";
import { usePolled } from "../api/polled";
import { recipes } from "../api/recipes";
import type { HistoryEvent, Incident, ProcessInstance, Wait } from "../api/schema";
import { fill, moment } from "../format";
import { messages as m } from "../messages/instance";
import { CopyAs } from "../parts/copy_as";
import { Diagram, type Drawn } from "../parts/diagram";
import { Dialog } from "../parts/dialog";
import { type Passed, passed } from "../parts/path";
import { Problem } from "../parts/problem";
import { State } from "../parts/states";
import { type Row, rowsOf, VariableRows, variablesOf } from "../parts/variables";

const EVENTS = 10_000;

interface Told {
  instance: ProcessInstance;
  waits: Wait[];
  history: HistoryEvent[];
  incidents: Incident[];
}

async function load(id: string): Promise<Told> {
  const path = { instance: id };
  const [instance, waits, history, incidents] = await Promise.all([
    call("GET /api/v1/process-instances/{instance}", { path }),
    call("GET /api/v1/process-instances/{instance}/waiting", { path }),
    call("GET /api/v1/process-instances/{instance}/history", { path, query: { limit: EVENTS } }),
    call("GET /api/v1/incidents", { query: { processInstance: id } }),
  ]);
  return { instance, waits, history: history.items, incidents: incidents.items };
}

export function Instance({ id }: { id?: string }) {
  const instance = id ?? "";
  const { value, error, again } = usePolled(() => load(instance), instance);
  if (value === undefined) {
    return <><h1>{m.instances}</h1><Problem error={error} />{error === undefined && <p class="faint">{m.loading}</p>}</>;
  }
  return <><Problem error={error} /><Loaded told={value} again={again} /></>;
}

function Loaded({ told: { instance, waits, history, incidents }, again }: { told: Told; again: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const [xml, setXml] = useState<string>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    call("GET /api/v1/definitions/{key}/xml", { path: { key: instance.definitionKey } }).then(setXml, setError);
  }, [instance.definitionKey]);
  const path = passed(history, waits);
  return (
    <>
      <div class="title">
        <h1>{instance.processId} <span class="faint">{instance.version}</span></h1>
        <State of={instance} />
        <code>{instance.id}</code>
        {instance.businessKey !== null && <span>{instance.businessKey}</span>}
        <span class="faint">{m.started} {moment(instance.startedAt)}{instance.endedAt !== null && <> · {m.ended} {moment(instance.endedAt)}</>}</span>
        {instance.endedAt === null && <Cancel instance={instance} again={again} />}
      </div>
      <Problem error={error} />
      <div class="drawing">
        <section class="card" aria-label={m.diagram}>
          {xml !== undefined && <Diagram xml={xml} path={path} chosen={chosen} choose={setChosen} drawn={setDrawn} />}
        </section>
        <Elements drawn={drawn} path={path} chosen={chosen} choose={setChosen} />
      </div>
      <Incidents incidents={incidents} instance={instance} again={again} />
      <div class="pair">
        <Timeline history={history} chosen={chosen} />
        <Variables of={instance} />
      </div>
    </>
  );
}

interface ElementsProps {
  drawn: Drawn[];
  path: Passed;
  chosen: string | undefined;
  choose: (id: string | undefined) => void;
}

function Elements({ drawn, path, chosen, choose }: ElementsProps) {
  const told = (id: string): string => {
    if (path.failed.has(id)) return m.states.incident;
    if (path.waiting.has(id)) return m.waitsHere;
    const times = path.entered.get(id) ?? 0;
    return times === 0 ? m.notReached : times === 1 ? m.done : fill(m.times, { n: times });
  };
  return (
    <section class="card elements">
      <h2>{m.elements}</h2>
      <ul class="list">
        {drawn.map((it) => (
          <li key={it.id}>
            <button class="quiet" aria-pressed={it.id === chosen} onClick={() => choose(it.id === chosen ? undefined : it.id)}>
              <span>{it.name}</span> <span class="faint">{told(it.id)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Incidents({ incidents, instance, again }: { incidents: Incident[]; instance: ProcessInstance; again: () => void }) {
  const [repairing, setRepairing] = useState<Incident>();
  if (incidents.length === 0) return null;
  return (
    <section class="card">
      <h2>{m.incidents}</h2>
      <ul class="list">
        {incidents.map((it) => (
          <li key={it.key}>
            <strong class="state incident">! {it.message}</strong>
            <div class="faint">{it.type} · {it.element} · {moment(it.at)}</div>
            {it.detail !== null && <details><summary>{m.detail}</summary><pre>{it.detail}</pre></details>}
            <button class="primary" onClick={() => setRepairing(it)}>{m.retry}</button>
          </li>
        ))}
      </ul>
      {repairing !== undefined && (
        <Retry incident={repairing} variables={instance.variables} close={() => { setRepairing(undefined); again(); }} />
      )}
    </section>
  );
}

function Retry({ incident, variables, close }: { incident: Incident; variables: Record<string, unknown>; close: () => void }) {
  const [rows, setRows] = useState<Row[]>(() => rowsOf(variables));
  const [error, setError] = useState<Error>();
  const given = () => ({ path: { incident: incident.key }, body: { variables: changed(rows, variables) } });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      await call("POST /api/v1/incidents/{incident}/resolve", given());
      close();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <Dialog title={m.retry} close={close}>
      <form onSubmit={submit}>
        <p>{m.retryWith}</p>
        <VariableRows rows={rows} change={setRows} />
        <Problem error={error} />
        <p class="acts">
          <button class="primary">{m.retry}</button>
          <CopyAs recipes={() => recipes("POST /api/v1/incidents/{incident}/resolve", given())} />
          <button type="button" onClick={close}>{m.close}</button>
        </p>
      </form>
    </Dialog>
  );
}

/** The variables that are not as they were: the others are not sent, so that nothing newer is written over. */
function changed(rows: Row[], before: Record<string, unknown>): Record<string, unknown> {
  const same = (name: string, value: unknown) => name in before && JSON.stringify(before[name]) === JSON.stringify(value);
  return Object.fromEntries(Object.entries(variablesOf(rows)).filter(([name, value]) => !same(name, value)));
}

function Cancel({ instance, again }: { instance: ProcessInstance; again: () => void }) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<Error>();
  const given = { path: { instance: instance.id } };
  const cancel = async () => {
    try {
      await call("POST /api/v1/process-instances/{instance}/cancel", given);
      setAsking(false);
      again();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <>
      <button onClick={() => setAsking(true)}>{m.cancel}</button>
      {asking && (
        <Dialog title={m.cancel} close={() => setAsking(false)}>
          <p>{m.cancelSure}</p>
          <Problem error={error} />
          <p class="acts">
            <button class="danger" onClick={() => void cancel()}>{m.cancelYes}</button>
            <CopyAs recipes={() => recipes("POST /api/v1/process-instances/{instance}/cancel", given)} />
            <button onClick={() => setAsking(false)}>{m.close}</button>
          </p>
        </Dialog>
      )}
    </>
  );
}

function Timeline({ history, chosen }: { history: HistoryEvent[]; chosen: string | undefined }) {
  const shown = history.filter((it) => it.event !== "taken" && (chosen === undefined || it.element === chosen));
  return (
    <section class="card">
      <h2>{m.timeline}</h2>
      <ol class="list timeline" tabIndex={0} aria-label={m.timeline}>
        {shown.map((it) => (
          <li key={it.seq}>
            <time class="faint" dateTime={it.at}>{moment(it.at)}</time> <strong>{it.element}</strong> {it.event.replaceAll("_", " ")} <span class="faint">{it.actor}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Variables({ of: { variables } }: { of: ProcessInstance }) {
  const names = Object.keys(variables).sort();
  return (
    <section class="card">
      <h2>{m.variables}</h2>
      {names.length === 0 ? <p class="faint">{m.noVariables}</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-label={m.variables}>
          <table>
            <thead><tr><th scope="col">{m.name}</th><th scope="col">{m.value}</th></tr></thead>
            <tbody>
              {names.map((name) => <tr key={name}><th scope="row">{name}</th><td><code>{JSON.stringify(variables[name])}</code></td></tr>)}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
