// What needs attention, what runs, and a workflow to start.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { usePolled } from "../api/polled";
import { recipes } from "../api/recipes";
import type { Incident, Process, ProcessInstance, Task } from "../api/schema";
import { fill, moment, number } from "../format";
import { messages as m } from "../messages/home";
import { CopyAs } from "../parts/copy_as";
import { Dialog } from "../parts/dialog";
import { InstanceTable } from "../parts/instance_table";
import { Problem } from "../parts/problem";
import { emptyRow, type Row, VariableRows, variablesOf } from "../parts/variables";

const SHOWN = 8;
const TASKS = 100;

interface Overview {
  processes: Process[];
  instances: ProcessInstance[];
  tasks: Task[];
  incidents: Incident[];
}

async function load(): Promise<Overview> {
  const [processes, instances, tasks, incidents] = await Promise.all([
    call("GET /api/v1/processes"),
    call("GET /api/v1/process-instances", { query: { limit: SHOWN } }),
    call("GET /api/v1/tasks", { query: { state: "open", limit: TASKS } }),
    call("GET /api/v1/incidents", { query: { limit: SHOWN } }),
  ]);
  return { processes: processes.items, instances: instances.items, tasks: tasks.items, incidents: incidents.items };
}

const late = (task: Task): boolean => task.dueAt !== null && Date.parse(task.dueAt) < Date.now();

export function Home() {
  const { value, error } = usePolled(load, "home");
  return (
    <>
      <h1>{m.home}</h1>
      <Problem error={error} />
      {value === undefined ? error === undefined && <p class="faint">{m.loading}</p> : <Loaded overview={value} />}
    </>
  );
}

function Loaded({ overview: { processes, instances, tasks, incidents } }: { overview: Overview }) {
  return (
    <>
      <Attention incidents={incidents} overdue={tasks.filter(late)} />
      <Workflows processes={processes} />
      <section class="card">
        <h2>{m.latest}</h2>
        <InstanceTable instances={instances} />
      </section>
      <section class="card">
        <h2>{m.openTasks}</h2>
        {tasks.length === 0 ? <p class="faint">{m.noTasks}</p> : <TaskList tasks={tasks.slice(0, SHOWN)} />}
      </section>
    </>
  );
}

function Attention({ incidents, overdue }: { incidents: Incident[]; overdue: Task[] }) {
  return (
    <section class="card">
      <h2>{m.attention}</h2>
      {incidents.length + overdue.length === 0 && <p class="faint">{m.allWell}</p>}
      <ul class="list">
        {incidents.map((it) => (
          <li key={it.key}>
            <a href={`/instances/${it.processInstance}`}><span class="state incident">!</span> {it.message}</a>
            <div class="faint">{it.type} · {it.element} · {moment(it.at)}</div>
          </li>
        ))}
      </ul>
      {overdue.length > 0 && <><h3>{m.overdue}</h3><TaskList tasks={overdue.slice(0, SHOWN)} /></>}
    </section>
  );
}

function TaskList({ tasks }: { tasks: Task[] }) {
  return (
    <ul class="list">
      {tasks.map((it) => (
        <li key={it.id}>
          <a href={`/tasks?task=${encodeURIComponent(it.id)}`}>{it.name}</a>
          <div class="faint">
            {it.assignee ?? m.nobody}{it.dueAt !== null && <> · {fill(m.due, { when: moment(it.dueAt) })}</>}
          </div>
        </li>
      ))}
    </ul>
  );
}

const COUNTED = ["active", "incident", "completed", "cancelled"] as const;

function Workflows({ processes }: { processes: Process[] }) {
  const [starting, setStarting] = useState<Process>();
  return (
    <section class="card">
      <h2>{m.workflows}</h2>
      {processes.length === 0 ? <p class="faint">{m.nothingDeployed}</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-label={m.workflows}>
          <table>
            <thead>
              <tr><th scope="col">{m.name}</th>{COUNTED.map((one) => <th scope="col" class="number" key={one}>{m.states[one]}</th>)}<td /></tr>
            </thead>
            <tbody>
              {processes.map((it) => (
                <tr key={it.id}>
                  <th scope="row"><a href={`/instances?processId=${encodeURIComponent(it.id)}`}>{it.name}</a> <span class="faint">{it.version}</span></th>
                  {COUNTED.map((one) => <td class="number" key={one}>{number(it[one])}</td>)}
                  <td class="number"><button onClick={() => setStarting(it)} aria-label={fill(m.startOf, { name: it.name })}>{m.start}</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {starting !== undefined && <Start process={starting} close={() => setStarting(undefined)} />}
    </section>
  );
}

function Start({ process, close }: { process: Process; close: () => void }) {
  const { route } = useLocation();
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [businessKey, setBusinessKey] = useState("");
  const [error, setError] = useState<Error>();
  const body = () => ({ processId: process.id, variables: variablesOf(rows), businessKey: businessKey || null });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const started = await call("POST /api/v1/process-instances", { body: body() });
      route(`/instances/${started.id}`);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <Dialog title={fill(m.startTitle, { name: process.name, version: process.version })} close={close}>
      <form onSubmit={submit}>
        <label>{m.businessKey} <input value={businessKey} onInput={(event) => setBusinessKey(event.currentTarget.value)} /></label>
        <VariableRows rows={rows} change={setRows} />
        <Problem error={error} />
        <p class="acts">
          <button class="primary">{m.start}</button>
          <CopyAs recipes={() => recipes("POST /api/v1/process-instances", { body: body() })} />
          <button type="button" onClick={close}>{m.close}</button>
        </p>
      </form>
    </Dialog>
  );
}
