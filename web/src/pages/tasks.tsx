// The open tasks: mine, my groups', nobody's, the late ones; and the one that is being done.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { anything, useLive } from "../api/live";
import type { Task } from "../api/schema";
import { counted, fill, moment } from "../format";
import { messages as m } from "../messages/tasks";
import { Doing } from "../parts/doing";
import { Problem } from "../parts/problem";
import "../style/tasks.css";

const PAGE = 50;
const VIEWS = ["all", "mine", "groups", "unassigned", "overdue"] as const;
type View = (typeof VIEWS)[number];

/** Who works here. Until the server knows its people, they say so themselves. */
interface Person {
  user: string;
  groups: string[];
}

function usePerson(): [Person, (person: Person) => void] {
  const [person, setPerson] = useState<Person>(() => ({
    user: localStorage.getItem("user") ?? "",
    groups: wordsOf(localStorage.getItem("groups") ?? ""),
  }));
  const change = (changed: Person) => {
    localStorage.setItem("user", changed.user);
    localStorage.setItem("groups", changed.groups.join(", "));
    setPerson(changed);
  };
  return [person, change];
}

const wordsOf = (text: string): string[] => text.split(",").map((word) => word.trim()).filter((word) => word !== "");

const conditions = (view: View, { user, groups }: Person): object => {
  switch (view) {
    case "mine":
      return { assignee: user };
    case "groups":
      return { candidateGroup: groups, assigned: false };
    case "unassigned":
      return { assigned: false };
    case "overdue":
      return { dueBefore: new Date().toISOString() };
    case "all":
      return {};
  }
};

/** What is to be said before a view can show anything. */
const missing = (view: View, { user, groups }: Person): string | undefined =>
  view === "mine" && user === "" ? m.sayWho : view === "groups" && groups.length === 0 ? m.sayGroups : undefined;

interface Found {
  items: Task[];
  more: boolean;
}

async function load(view: View, person: Person, wanted: number): Promise<Found> {
  if (missing(view, person) !== undefined) return { items: [], more: false };
  const query = { state: "open" as const, ...conditions(view, person) };
  const items: Task[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Task[]; cursor: string | null } = await call("GET /api/v1/tasks", {
      query: { ...query, limit: PAGE, ...(cursor === null ? {} : { cursor }) },
    });
    items.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== null && items.length < wanted);
  return { items, more: cursor !== null };
}

export function Tasks() {
  const { query, route } = useLocation();
  const view = VIEWS.find((one) => one === query["view"]) ?? "all";
  const [person, setPerson] = usePerson();
  const [wanted, setWanted] = useState(PAGE);
  const key = JSON.stringify([view, person, wanted]);
  const { value, error, again } = useLive(() => load(view, person, wanted), key, anything);
  const items = value?.items ?? [];
  const chosen = items.find((it) => it.id === query["task"]);
  const go = (to: { view?: View; task?: string }) => route(`/tasks?${new URLSearchParams({ view, ...to })}`);
  useListKeys(items, chosen, (task) => go({ task: task.id }));
  return (
    <div class="tasks">
      <h1>{m.tasks}</h1>
      <div class="bar">
        <nav class="tabs" aria-label={m.views}>
          {VIEWS.map((one) => (
            <a key={one} href={`/tasks?view=${one}`} aria-current={one === view ? "page" : undefined}>{m.taskViews[one]}</a>
          ))}
        </nav>
        <Who person={person} change={setPerson} />
      </div>
      <Problem error={error} />
      <div class="pair">
        <section class="card" aria-label={m.taskViews[view]}>
          {value === undefined && error === undefined && <p class="faint">{m.loading}</p>}
          {value !== undefined && items.length === 0 && <p class="faint">{missing(view, person) ?? m.noTasks}</p>}
          <TaskList items={items} chosen={chosen} user={person.user} choose={(task) => go({ task })} again={again} />
          {value?.more && <button onClick={() => setWanted(wanted + PAGE)}>{m.more}</button>}
          <p class="faint">{m.keys}</p>
        </section>
        {chosen === undefined
          ? items.length > 0 && <p class="faint pick">{m.pick}</p>
          : <Doing key={chosen.id} task={chosen} user={person.user} again={again} />}
      </div>
    </div>
  );
}

function Who({ person, change }: { person: Person; change: (person: Person) => void }) {
  return (
    <details>
      <summary>{person.user || m.whoYouAre}</summary>
      <form class="filter" onSubmit={(event) => event.preventDefault()}>
        <label>{m.you} <input value={person.user} onChange={(event) => change({ ...person, user: event.currentTarget.value.trim() })} /></label>
        <label>{m.groups} <input value={person.groups.join(", ")} onChange={(event) => change({ ...person, groups: wordsOf(event.currentTarget.value) })} /></label>
      </form>
    </details>
  );
}

/** j and k go down and up, as in mail programs; not while something is typed. */
function useListKeys(items: Task[], chosen: Task | undefined, go: (task: Task) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const step = { j: 1, k: -1 }[event.key];
      const typing = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable], dialog");
      if (step === undefined || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = chosen === undefined ? (step > 0 ? -1 : items.length) : items.indexOf(chosen);
      const next = items[at + step];
      if (next !== undefined) go(next);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [items, chosen]);
}

interface ListProps {
  items: Task[];
  chosen: Task | undefined;
  user: string;
  choose: (id: string) => void;
  again: () => void;
}

function TaskList({ items, chosen, user, choose, again }: ListProps) {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const picked = items.filter((it) => marked.has(it.id));
  const mark = (id: string, on: boolean) => {
    const changed = new Set(marked);
    if (on) changed.add(id);
    else changed.delete(id);
    setMarked(changed);
  };
  return (
    <>
      {picked.length > 0 && <Bulk tasks={picked} user={user} done={() => { setMarked(new Set()); again(); }} />}
      <ul class="list elements">
        {items.map((it) => (
          <li key={it.id} class="marked">
            <input type="checkbox" aria-label={fill(m.chooseTask, { name: it.name })} checked={marked.has(it.id)} onChange={(event) => mark(it.id, event.currentTarget.checked)} />
            <button class="quiet" aria-pressed={it.id === chosen?.id} onClick={() => choose(it.id)}>
              <span>{it.name}</span>
              <span class="faint">{it.assignee ?? m.nobody}<Due task={it} /></span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Due({ task }: { task: Task }) {
  if (task.dueAt === null) return null;
  const late = Date.parse(task.dueAt) < Date.now();
  return (
    <>
      {" · "}{fill(m.due, { when: moment(task.dueAt) })}
      {late && <> <span class="state incident">{m.overdue}</span></>}
    </>
  );
}

/** Something done for each of several tasks; those that refuse say why, and the others are done all the same. */
function Bulk({ tasks, user, done }: { tasks: Task[]; user: string; done: () => void }) {
  const [failed, setFailed] = useState<string[]>([]);
  const each = async (act: (task: Task) => Promise<unknown>) => {
    const reasons: string[] = [];
    for (const task of tasks) {
      try {
        await act(task);
      } catch (error) {
        reasons.push(fill(m.bulkFailed, { name: task.name, reason: (error as Error).message }));
      }
    }
    setFailed(reasons);
    if (reasons.length === 0) done();
  };
  const path = (task: Task) => ({ task: task.id });
  return (
    <div class="bulk" role="group" aria-label={counted(m.chosen, tasks.length)}>
      <strong>{counted(m.chosen, tasks.length)}</strong>{" "}
      <button disabled={user === ""} title={user === "" ? m.sayWho : undefined} onClick={() => void each((task) => call("POST /api/v1/tasks/{task}/claim", { path: path(task), body: { user } }))}>{m.claimChosen}</button>{" "}
      <button onClick={() => void each((task) => call("POST /api/v1/tasks/{task}/complete", { path: path(task), body: { variables: {} } }))}>{m.completeChosen}</button>
      {failed.length > 0 && <ul class="problem" role="alert">{failed.map((it) => <li key={it}>{it}</li>)}</ul>}
    </div>
  );
}
