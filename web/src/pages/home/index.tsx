// What needs attention, what runs, and a workflow to start.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../../api/client";
import { anything, useLive } from "../../api/live";
import type { Incident, Process, ProcessInstance, Task, Timer } from "../../api/schema";
import { ago, counted, fill, moment, number } from "../../format";
import { messages as m } from "../../messages/home";
import { InstanceTable } from "../../parts/instance_table";
import { Problem } from "../../parts/problem";
import { Starting } from "../../parts/starting";
import { FirstSteps } from "./first_steps";
import { type Group, grouped } from "./groups";

const SHOWN = 8;
const INCIDENTS = 1_000;
const TASKS = 100;
/** A timer that is due for so long has not only just become due. */
const LATE_MS = 10_000;

interface Overview {
  processes: Process[];
  instances: ProcessInstance[];
  tasks: Task[];
  incidents: Incident[];
  late: Timer[];
}

async function load(): Promise<Overview> {
  const dueUntil = new Date(Date.now() - LATE_MS).toISOString();
  const [processes, instances, tasks, incidents, late] = await Promise.all([
    call("GET /api/v1/processes", { query: { limit: 1_000 } }),
    call("GET /api/v1/process-instances", { query: { limit: SHOWN } }),
    call("GET /api/v1/tasks", { query: { state: "open", limit: TASKS } }),
    call("GET /api/v1/incidents", { query: { limit: INCIDENTS } }),
    call("GET /api/v1/timers", { query: { dueUntil, limit: SHOWN } }),
  ]);
  return { processes: processes.items, instances: instances.items, tasks: tasks.items, incidents: incidents.items, late: late.items };
}

const overdue = (task: Task): boolean => task.dueAt !== null && Date.parse(task.dueAt) < Date.now();

export function Home() {
  const { value, error, again } = useLive(load, "home", anything);
  return (
    <>
      <h1>{m.home}</h1>
      <Problem error={error} again={again} />
      {value === undefined ? error === undefined && <p class="faint">{m.loading}</p> : value.processes.length === 0 ? <FirstSteps /> : <Loaded overview={value} />}
    </>
  );
}

function Loaded({ overview: { processes, instances, tasks, incidents, late } }: { overview: Overview }) {
  return (
    <>
      <Attention incidents={incidents} overdue={tasks.filter(overdue)} late={late} />
      <Workflows processes={processes} />
      <div class="pair uneven">
        <section class="card">
          <h2>{m.latest}</h2>
          <InstanceTable instances={instances} />
        </section>
        <section class="card">
          <div class="head"><h2>{m.openTasks}</h2>{tasks.length > 0 && <a href="/tasks">{m.allTasks}</a>}</div>
          {tasks.length === 0 ? <p class="faint">{m.noTasks}</p> : <TaskList tasks={tasks.slice(0, SHOWN)} />}
        </section>
      </div>
    </>
  );
}

function Attention({ incidents, overdue: tasks, late }: { incidents: Incident[]; overdue: Task[]; late: Timer[] }) {
  const groups = grouped(incidents);
  const well = groups.length + tasks.length + late.length === 0;
  return (
    <section class={well ? "card" : "card failed"}>
      <h2>{m.attention}</h2>
      {well && <p><span class="state completed"><span aria-hidden="true">✓</span> {m.allWell}</span></p>}
      {groups.length > 0 && (
        <ul class="list" aria-label={m.incidents}>
          {groups.slice(0, SHOWN).map((it) => <GroupLine key={it.latest.key} group={it} />)}
        </ul>
      )}
      {incidents.length === INCIDENTS && <p class="faint">{m.moreIncidents}</p>}
      {tasks.length > 0 && <><h3>{m.overdue}</h3><TaskList tasks={tasks.slice(0, SHOWN)} /></>}
      {late.length > 0 && (
        <>
          <h3>{m.late}</h3>
          <ul class="list">
            {late.map((it) => (
              <li key={`${it.processInstance} ${it.elementInstance}`}><a href={`/instances/${it.processInstance}`}>{fill(m.lateSince, { element: it.element, when: ago(it.due) })}</a></li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function GroupLine({ group: { message, element, type, latest, instances } }: { group: Group }) {
  const search = new URLSearchParams({ state: "incident", incidentElement: element, incidentMessage: message });
  const href = instances.size === 1 ? `/instances/${latest.processInstance}` : `/instances?${search}`;
  return (
    <li>
      <a href={href}><strong class="problem"><span aria-hidden="true">!</span> {message}</strong></a>
      <div class="faint">
        {counted(m.ofInstances, instances.size)} · {fill(m.atElement, { element })} · {type} · <time dateTime={latest.at} title={moment(latest.at)}>{fill(m.last, { when: ago(latest.at) })}</time>
      </div>
    </li>
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
  const { query, route } = useLocation();
  const [starting, setStarting] = useState<Process>();
  // The command palette asks for it by the address.
  const asked = query["start"];
  useEffect(() => {
    if (asked !== undefined) setStarting(processes.find((it) => it.id === asked));
  }, [asked]);
  const close = () => {
    setStarting(undefined);
    if (asked !== undefined) route("/", true);
  };
  const listed = (id: string, state?: string) => `/instances?${new URLSearchParams({ processId: id, ...(state && { state }) })}`;
  return (
    <section class="card">
      <h2>{m.workflows}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={m.workflows}>
        <table>
          <thead>
            <tr><th scope="col">{m.name}</th>{COUNTED.map((one) => <th scope="col" class="number" key={one}>{m.states[one]}</th>)}<td /><td /></tr>
          </thead>
          <tbody>
            {processes.map((it) => (
              <tr key={it.id}>
                <th scope="row"><a href={listed(it.id)}>{it.name}</a> <span class="faint">{it.version}</span></th>
                {COUNTED.map((one) => <td class="number" key={one}>{it[one] === 0 ? <span class="faint">0</span> : <a class={`plain ${one}`} href={listed(it.id, one)}>{number(it[one])}</a>}</td>)}
                <td class="number"><a href={`/insights?processId=${encodeURIComponent(it.id)}`}>{m.metricsOf}<span class="unseen"> {it.name}</span></a></td>
                <td class="number"><button onClick={() => setStarting(it)} aria-label={fill(m.startOf, { name: it.name })}>{m.start}</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {starting !== undefined && <Starting key={starting.id} process={starting} close={close} />}
    </section>
  );
}
