// The open tasks of a person, of nobody or of all, and the one that is being done.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { anything, useLive } from "../api/live";
import { recipes } from "../api/recipes";
import type { Task } from "../api/schema";
import { fill, moment } from "../format";
import { messages as m } from "../messages/tasks";
import { CopyAs } from "../parts/copy_as";
import { Problem } from "../parts/problem";
import { type Row, rowsOf, VariableRows, variablesOf } from "../parts/variables";

const SHOWN = 200;
const USER = "user";
const VIEWS = ["all", "mine", "unassigned"] as const;
type View = (typeof VIEWS)[number];

async function load(view: View, user: string): Promise<Task[]> {
  const assignee = view === "mine" ? { assignee: user } : {};
  const { items } = await call("GET /api/v1/tasks", { query: { state: "open", limit: SHOWN, ...assignee } });
  return view === "unassigned" ? items.filter((it) => it.assignee === null) : items;
}

export function Tasks() {
  const { query, route } = useLocation();
  const view = VIEWS.find((one) => one === query["view"]) ?? "all";
  const [user, setUser] = useState(() => localStorage.getItem(USER) ?? "");
  const { value, error, again } = useLive(() => load(view, user), `${view} ${user}`, anything);
  const chosen = value?.find((it) => it.id === query["task"]);
  const go = (wanted: Record<string, string>) => route(`/tasks?${new URLSearchParams({ view, ...wanted })}`);
  const name = (text: string) => {
    localStorage.setItem(USER, text);
    setUser(text);
  };
  return (
    <>
      <h1>{m.tasks}</h1>
      <form class="filter" onSubmit={(event) => event.preventDefault()}>
        <label>{m.shown}
          <select value={view} onChange={(event) => go({ view: event.currentTarget.value })}>
            {VIEWS.map((one) => <option key={one} value={one}>{m.taskViews[one]}</option>)}
          </select>
        </label>
        <label>{m.you} <input value={user} onChange={(event) => name(event.currentTarget.value.trim())} /></label>
      </form>
      <Problem error={error} />
      <div class="pair">
        <section class="card">
          <h2>{m.openTasks}</h2>
          {value?.length === 0 && <p class="faint">{m.noTasks}</p>}
          <ul class="list elements">
            {value?.map((it) => (
              <li key={it.id}>
                <button class="quiet" aria-pressed={it.id === chosen?.id} onClick={() => go({ task: it.id })}>
                  <span>{it.name}</span>
                  <span class="faint">{it.assignee ?? m.nobody}{it.dueAt !== null && <> · {fill(m.due, { when: moment(it.dueAt) })}</>}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        {chosen !== undefined && <Doing key={chosen.id} task={chosen} user={user} again={again} />}
      </div>
    </>
  );
}

function Doing({ task, user, again }: { task: Task; user: string; again: () => void }) {
  const kept = `task ${task.id}`;
  const [rows, setRows] = useState<Row[]>(() => {
    const draft = sessionStorage.getItem(kept);
    return draft === null ? rowsOf(task.variables ?? {}) : (JSON.parse(draft) as Row[]);
  });
  const [error, setError] = useState<Error>();
  // What is typed outlives a reload, until the task is done.
  useEffect(() => sessionStorage.setItem(kept, JSON.stringify(rows)), [rows]);
  const path = { task: task.id };
  const completion = () => ({ path, body: { variables: variablesOf(rows) } });
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
      setError(undefined);
      again();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const complete = async () => {
    await call("POST /api/v1/tasks/{task}/complete", completion());
    sessionStorage.removeItem(kept);
  };
  return (
    <section class="card">
      <h2>{task.name}</h2>
      <p class="faint">
        {task.assignee ?? m.nobody} · {m.started} {moment(task.createdAt)} · <a href={`/instances/${task.processInstance}`}>{m.toInstance}</a>
      </p>
      <form onSubmit={(event) => { event.preventDefault(); void attempt(complete); }}>
        <VariableRows rows={rows} change={setRows} />
        <Problem error={error} />
        <p class="acts">
          <button class="primary">{m.complete}</button>
          {task.assignee === null ? (
            <button type="button" disabled={user === ""} title={user === "" ? m.sayWho : undefined} onClick={() => void attempt(() => call("POST /api/v1/tasks/{task}/claim", { path, body: { user } }))}>{m.claim}</button>
          ) : (
            <button type="button" onClick={() => void attempt(() => call("POST /api/v1/tasks/{task}/assign", { path, body: { user: null } }))}>{m.giveBack}</button>
          )}
          <CopyAs recipes={() => recipes("POST /api/v1/tasks/{task}/complete", completion())} />
        </p>
      </form>
    </section>
  );
}
