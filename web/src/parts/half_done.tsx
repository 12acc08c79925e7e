// A task that is half done: what was entered is saved for another time, another device or a colleague.

import { useEffect, useRef, useState } from "preact/hooks";
import { call, Refused } from "../api/client";
import type { Task, TaskDraft } from "../api/schema";
import { ago, fill, moment } from "../format";
import { messages as m } from "../messages/tasks";
import { forget, keptAs } from "./entry";
import type { Values } from "./form";
import { Json } from "./json";

export interface HalfDone {
  /** What is saved; undefined until that is known. */
  draft: TaskDraft | undefined;
  /** What somebody else has saved meanwhile, which what is entered here does not go on from. */
  theirs: TaskDraft | undefined;
  mine: () => Values;
  /** Counts how often what is entered has been replaced. */
  turn: number;
  error: Error | undefined;
  entered: (values: Values) => void;
  save: () => Promise<void>;
  keepMine: () => Promise<void>;
  takeTheirs: () => void;
  throwAway: () => Promise<void>;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What is not as the task has it: the rest is not saved, so that nothing newer is hidden by it. */
export const changes = (entered: Values, before: Values): Values =>
  Object.fromEntries(Object.entries(entered).filter(([name, value]) => !same(value, before[name])));

/** The names under which two have entered different things. */
export const apart = (mine: Values, theirs: Values): string[] =>
  [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].filter((name) => !same(mine[name], theirs[name])).sort();

export function useHalfDone(task: Task, kept: string, user: string): HalfDone {
  const [draft, setDraft] = useState<TaskDraft>();
  const [theirs, setTheirs] = useState<TaskDraft>();
  const [turn, setTurn] = useState(0);
  const [error, setError] = useState<Error>();
  const now = useRef<Values>({});
  const path = { task: task.id };
  const mine = () => changes(now.current, task.variables ?? {});

  const begin = (read: TaskDraft) => {
    const left = keptAs(kept);
    now.current = left?.values ?? read.variables;
    if (left !== undefined && left.base !== read.revision && apart(mine(), read.variables).length > 0) setTheirs(read);
    setDraft(read);
  };
  useEffect(() => void call("GET /api/v1/tasks/{task}/draft", { path }).then(begin, setError), [task.id]);

  const put = async (revision: number) => {
    try {
      setDraft(await call("PUT /api/v1/tasks/{task}/draft", { path, body: { variables: mine(), revision, user: user || null } }));
      forget(kept);
      setTheirs(undefined);
      setError(undefined);
    } catch (failure) {
      const newer = failure instanceof Refused && failure.status === 409 ? await call("GET /api/v1/tasks/{task}/draft", { path }) : undefined;
      if (newer !== undefined && newer.revision !== revision) setTheirs(newer);
      else setError(failure as Error);
    }
  };
  const replace = (by: TaskDraft) => {
    forget(kept);
    now.current = by.variables;
    setDraft(by);
    setTheirs(undefined);
    setTurn((it) => it + 1);
  };
  return {
    draft,
    theirs,
    mine,
    turn,
    error,
    entered: (values) => (now.current = values),
    save: () => put(draft?.revision ?? 0),
    keepMine: () => put(theirs!.revision),
    takeTheirs: () => replace(theirs!),
    throwAway: () => call("DELETE /api/v1/tasks/{task}/draft", { path, query: { revision: draft?.revision ?? 0 } }).then(replace, setError),
  };
}

/** Who has saved what is there. */
export function SavedBy({ draft }: { draft: TaskDraft }) {
  if (draft.revision === 0) return <p class="faint">{m.draftKept}</p>;
  return (
    <p class="faint" role="status">
      <time dateTime={draft.savedAt!} title={moment(draft.savedAt!)}>{fill(m.savedBy, { name: draft.savedBy!, when: ago(draft.savedAt!) })}</time>
    </p>
  );
}

export function BothSides({ half }: { half: HalfDone }) {
  const theirs = half.theirs!;
  const mine = half.mine();
  return (
    <div class="card failed" role="alert">
      <h3>{fill(m.savedMeanwhile, { name: theirs.savedBy ?? m.somebody })}</h3>
      <table>
        <thead><tr><th scope="col">{m.name}</th><th scope="col">{m.yours}</th><th scope="col">{m.theirs}</th></tr></thead>
        <tbody>
          {apart(mine, theirs.variables).map((name) => (
            <tr key={name}><th scope="row">{name}</th><td><Json value={mine[name] ?? null} /></td><td><Json value={theirs.variables[name] ?? null} /></td></tr>
          ))}
        </tbody>
      </table>
      <p class="acts">
        <button onClick={half.takeTheirs}>{m.takeTheirs}</button>
        <button class="danger" onClick={() => void half.keepMine()}>{m.keepMine}</button>
      </p>
    </div>
  );
}
