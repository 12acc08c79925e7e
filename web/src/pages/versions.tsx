// The versions of a process, a decision or a form: which are active, what is said about them, and what is different between two.

import "../style/designer.css";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { lazy } from "preact-iso";
import { call } from "../api/client";
import { deployments, useLive } from "../api/live";
import type { Definition } from "../api/schema";
import type { Kind } from "../designer/checking";
import type { Compared } from "../designer/comparison";
import { draftAt, PLACES } from "../designer/places";
import { fill, moment } from "../format";
import { messages as m } from "../messages/designer";
import { Problem } from "../parts/problem";

const Comparison = lazy(() => import("../designer/comparison").then((it) => it.Comparison));
const DRAFT = "draft";

async function load(kind: Kind, id: string): Promise<Definition[]> {
  const { items } = await call("GET /api/v1/definitions", { query: { kind, id, limit: 1_000 } });
  return items.sort((one, other) => other.deployedAt.localeCompare(one.deployedAt));
}

interface Props {
  id?: string;
}

export const Versions = ({ id }: Props) => <Listed kind="process" id={id ?? ""} />;
export const DecisionVersions = ({ id }: Props) => <Listed kind="decision" id={id ?? ""} />;
export const FormVersions = ({ id }: Props) => <Listed kind="form" id={id ?? ""} />;

function Listed({ kind, id }: { kind: Kind; id: string }) {
  const wanted = decodeURIComponent(id);
  const { query, route } = useLocation();
  const draft = query[DRAFT];
  const { value, error, again } = useLive(() => load(kind, wanted), `${kind} ${wanted}`, deployments);
  const [failure, setFailure] = useState<Error>();
  const [chosen, setChosen] = useState<string[]>(draft === undefined ? [] : [DRAFT]);
  const act = (doing: Promise<unknown>) => void doing.then(again, setFailure);
  const choose = (key: string, on: boolean) =>
    setChosen((before) => (on ? [...before, key].slice(-2) : before.filter((it) => it !== key)));
  const edit = async ({ key, name }: Definition) => {
    const content = await call("GET /api/v1/definitions/{key}/xml", { path: { key } });
    route(draftAt(kind, (await call("POST /api/v1/drafts", { body: { name: name || wanted, content, kind } })).id));
  };
  const newest = value?.[0];
  return (
    <>
      <div class="title">
        <h1>{fill(m.versionsOf, { name: newest?.name || wanted })}</h1>
        <p class="acts"><a class="button" href={draft === undefined ? PLACES[kind].path : draftAt(kind, draft)}>{draft === undefined ? m.toDrafts : m.thisDraft}</a></p>
      </div>
      <Problem error={failure ?? error} />
      <section class="card">
        <p class="faint">{m.activeHelp} {m.compareTwo}</p>
        {value === undefined && error === undefined && <p class="faint">{m.loading}</p>}
        {value?.length === 0 && <p class="faint">{m.nothingDeployed}</p>}
        <ul class="list versions">
          {draft !== undefined && (
            <li>
              <label class="tick"><input type="checkbox" checked={chosen.includes(DRAFT)} onChange={(event) => choose(DRAFT, event.currentTarget.checked)} /> {m.thisDraft}</label>
            </li>
          )}
          {value?.map((it) => (
            <li key={it.key}>
              <label class="tick">
                <input type="checkbox" aria-label={fill(m.chooseVersion, { version: it.version })} checked={chosen.includes(it.key)} onChange={(event) => choose(it.key, event.currentTarget.checked)} />
                <strong>{it.version}</strong>
              </label>
              <div class="told">
                <span class={`state ${it.active ? "completed" : "cancelled"}`}>{it.active ? `✓ ${m.active}` : m.inactive}</span>{" "}
                <span class="faint"><time dateTime={it.deployedAt}>{moment(it.deployedAt)}</time> {fill(m.deployedBy, { who: it.deployedBy })}</span>
                {it.notes !== "" && <p class="notes">{it.notes}</p>}
              </div>
              <div class="acts">
                {it.active
                  ? <button aria-label={`${m.deactivate} ${it.version}`} onClick={() => act(call("POST /api/v1/definitions/{key}/deactivate", { path: { key: it.key } }))}>{m.deactivate}</button>
                  : <button aria-label={`${m.activate} ${it.version}`} onClick={() => act(call("POST /api/v1/definitions/{key}/activate", { path: { key: it.key } }))}>{m.activate}</button>}
                <button aria-label={`${m.editVersion} ${it.version}`} onClick={() => act(edit(it))}>{m.edit}</button>
              </div>
            </li>
          ))}
        </ul>
      </section>
      {chosen.length === 2 && value !== undefined && <Two kind={kind} keys={inOrder(chosen, value)} versions={value} draft={draft} />}
    </>
  );
}

/** The older one first, a draft last. */
function inOrder(keys: string[], versions: Definition[]): [string, string] {
  const age = (key: string) => versions.findIndex((it) => it.key === key);
  const [newer, older] = [...keys].sort((one, other) => age(one) - age(other));
  return [older!, newer!];
}

function Two({ kind, keys: [before, after], versions, draft }: { kind: Kind; keys: [string, string]; versions: Definition[]; draft: string | undefined }) {
  const [both, setBoth] = useState<[Compared, Compared]>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    const read = async (key: string): Promise<Compared> => {
      if (key === DRAFT) return { name: m.thisDraft, content: (await call("GET /api/v1/drafts/{draft}", { path: { draft: draft! } })).content };
      return { name: versions.find((it) => it.key === key)?.version ?? key, content: await call("GET /api/v1/definitions/{key}/xml", { path: { key } }) };
    };
    Promise.all([read(before), read(after)]).then(setBoth, setError);
  }, [before, after]);
  if (both === undefined) return <Problem error={error} />;
  return (
    <section class="card">
      <h2>{fill(m.compareTitle, { before: both[0].name, after: both[1].name })}</h2>
      <Comparison kind={kind} before={both[0]} after={both[1]} />
    </section>
  );
}
