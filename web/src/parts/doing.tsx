// The task that is being done: its form, and what can be done with it.

import { useEffect, useRef, useState } from "preact/hooks";
import { call, Refused } from "../api/client";
import { recipes } from "../api/recipes";
import type { Task } from "../api/schema";
import { fill, moment } from "../format";
import { messages as m } from "../messages/tasks";
import { CopyAs } from "./copy_as";
import { Entry, forget } from "./entry";
import type { Schema, Submit } from "./form";
import { BothSides, SavedBy, useHalfDone } from "./half_done";
import { Problem } from "./problem";

/** The form of a task: null where it has none, undefined until that is known. */
function useForm(task: Task): [Schema | null | undefined, Error | undefined] {
  const [schema, setSchema] = useState<Schema | null | undefined>(task.form === null ? null : undefined);
  const [error, setError] = useState<Error>();
  useEffect(() => {
    if (task.form === null) return;
    call("GET /api/v1/tasks/{task}/form", { path: { task: task.id } }).then(
      (found) => setSchema(found.schema),
      // A form of another system is not deployed here; its task is done by its variables.
      (failure: Error) => (failure instanceof Refused && failure.status === 404 ? setSchema(null) : setError(failure)),
    );
  }, [task.id]);
  return [schema, error];
}

export function Doing({ task, user, again }: { task: Task; user: string; again: () => void }) {
  const kept = `task ${task.id}`;
  const [schema, missing] = useForm(task);
  const half = useHalfDone(task, kept, user);
  const submit = useRef<Submit>(() => undefined);
  const whole = useRef<HTMLElement>(null);
  const [error, setError] = useState<Error>();
  const path = { task: task.id };
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act();
      setError(undefined);
      again();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const complete = () =>
    attempt(async () => {
      const variables = submit.current();
      if (variables === undefined) return;
      const done = await call("POST /api/v1/tasks/{task}/complete", { path, body: { variables } });
      // A listener that is still at work may deny it, and then what was typed is wanted again.
      if (done.changing === null) forget(kept);
    });
  const claim = () => attempt(() => call("POST /api/v1/tasks/{task}/claim", { path, body: { user } }));
  const assign = (to: string | null) => attempt(() => call("POST /api/v1/tasks/{task}/assign", { path, body: { user: to } }));
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable], dialog");
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void complete();
      else if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void half.save();
      }
      else if (event.key === "c" && !typing && !event.ctrlKey && !event.metaKey && task.assignee === null && user !== "") void claim();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
  return (
    <section class="card" ref={whole} aria-label={task.name}>
      <h2>{task.name}</h2>
      <p class="faint">
        {task.assignee ?? m.nobody} · {m.started} {moment(task.createdAt)}
        {task.dueAt !== null && <> · {fill(m.due, { when: moment(task.dueAt) })}</>} · {fill(m.priority, { n: task.priority })} ·{" "}
        <a href={`/instances/${task.processInstance}`}>{m.toInstance}</a>
      </p>
      <Problem error={missing} />
      {half.theirs !== undefined && <BothSides half={half} />}
      {schema !== undefined && half.draft !== undefined && (
        <Entry
          key={half.turn}
          schema={schema}
          values={{ ...task.variables, ...half.draft.variables }}
          kept={kept}
          base={half.draft.revision}
          ready={(it) => (submit.current = it)}
          entered={half.entered}
          refused={error}
        />
      )}
      <Problem error={error ?? half.error} />
      {task.changing !== null && <p class="faint" role="status">{m.changing}</p>}
      <p class="acts">
        <button class="primary" disabled={task.changing !== null} onClick={() => void complete()}>{m.complete}</button>
        <button disabled={half.draft === undefined || half.theirs !== undefined} onClick={() => void half.save()}>{m.save}</button>
        {task.assignee === null ? (
          <button disabled={user === ""} title={user === "" ? m.sayWho : undefined} onClick={() => void claim()}>{m.claim}</button>
        ) : (
          <button onClick={() => void assign(null)}>{m.giveBack}</button>
        )}
        <CopyAs recipes={() => recipes("POST /api/v1/tasks/{task}/complete", { path, body: { variables: submit.current() ?? {} } })} />
      </p>
      <details>
        <summary>{m.assignTo}</summary>
        <form class="filter" onSubmit={(event) => { event.preventDefault(); void assign(String(new FormData(event.currentTarget).get("user")).trim() || null); }}>
          <label>{m.toWhom} <input name="user" required /></label>
          <button>{m.assign}</button>
        </form>
        <p class="faint">{m.whatFor}: {[...task.candidateUsers, ...task.candidateGroups].join(", ") || m.any}</p>
      </details>
      {half.draft !== undefined && <SavedBy draft={half.draft} />}
      {half.draft !== undefined && half.draft.revision > 0 && <button class="quiet" onClick={() => void half.throwAway()}>{m.throwAway}</button>}
    </section>
  );
}
