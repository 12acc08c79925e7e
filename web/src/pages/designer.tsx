// The drafts and what is deployed, of processes, decisions or forms: where to begin with drawing.

import "../style/designer.css";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { anything, useLive } from "../api/live";
import type { Draft } from "../api/schema";
import type { Kind } from "../designer/checking";
import { holder } from "../designer/editor_name";
import { kindOf, newFile } from "../designer/models";
import { draftAt, PLACES, versionsAt } from "../designer/places";
import { ago, fill, moment } from "../format";
import { messages as m } from "../messages/designer";
import { Dialog } from "../parts/dialog";
import { Problem } from "../parts/problem";

const MOST = 1_000;

/** What is deployed of a kind, in its latest version. */
interface Latest {
  id: string;
  name: string;
  version: string;
}

const DEPLOYED: Record<Kind, () => Promise<{ items: Latest[] }>> = {
  process: () => call("GET /api/v1/processes", { query: { limit: MOST } }),
  decision: () => call("GET /api/v1/decisions", { query: { limit: MOST } }),
  form: () => call("GET /api/v1/forms", { query: { limit: MOST } }),
};

async function load(kind: Kind): Promise<{ drafts: Draft[]; deployed: Latest[] }> {
  const [drafts, deployed] = await Promise.all([call("GET /api/v1/drafts", { query: { kind, limit: MOST } }), DEPLOYED[kind]()]);
  return { drafts: drafts.items, deployed: deployed.items };
}

export const Designer = () => <Drawings kind="process" />;
export const Decisions = () => <Drawings kind="decision" />;
export const Forms = () => <Drawings kind="form" />;

function Drawings({ kind }: { kind: Kind }) {
  const { route } = useLocation();
  const { value, error, again } = useLive(() => load(kind), kind, anything);
  const [naming, setNaming] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const begin = async (name: string, content: string, of: Kind = kind) => {
    const draft = await call("POST /api/v1/drafts", { body: { name, content, kind: of } });
    route(draftAt(of, draft.id));
  };
  const trying = (act: () => Promise<void>) => void act().catch((reason: Error) => setFailure(reason));
  const place = PLACES[kind];
  return (
    <>
      <div class="title">
        <h1>{place.title}</h1>
        <p class="acts">
          <FileButton text={m.importFile} take={(file) => trying(() => imported(file, begin))} />
          <button class="primary" onClick={() => setNaming(true)}>{place.begin}</button>
        </p>
      </div>
      <Problem error={failure ?? error} />
      {value === undefined ? error === undefined && <p class="faint">{m.loading}</p> : (
        <>
          <Drafts drafts={value.drafts} kind={kind} again={again} />
          <Deployed deployed={value.deployed} kind={kind} edit={(it) => trying(() => editing(it, kind, begin))} />
        </>
      )}
      {naming && <NewFile title={place.begin} close={() => setNaming(false)} begin={(name) => begin(name, newFile(kind, name))} />}
    </>
  );
}

type Begin = (name: string, content: string, kind?: Kind) => Promise<void>;

async function imported(file: File, begin: Begin): Promise<void> {
  const content = await file.text();
  const kind = kindOf(file.name, content);
  if (kind === undefined) throw new Error(fill(m.importWrong, { file: file.name }));
  await begin(file.name.replace(/\.\w+$/, "") || file.name, content, kind);
}

async function editing({ id, name }: Latest, kind: Kind, begin: Begin): Promise<void> {
  const { items } = await call("GET /api/v1/definitions", { query: { kind, id, limit: MOST } });
  const newest = items.reduce((one, other) => (one.deployedAt < other.deployedAt ? other : one));
  await begin(name || id, await call("GET /api/v1/definitions/{key}/xml", { path: { key: newest.key } }));
}

/** A button that asks for a file; the field itself is there for the keyboard and for screen readers. */
export function FileButton({ text, take }: { text: string; take: (file: File) => void }) {
  return (
    <label class="button file">
      {text}
      <input
        type="file"
        accept=".bpmn,.dmn,.form,.xml,.json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file !== undefined) take(file);
        }}
      />
    </label>
  );
}

function NewFile({ title, close, begin }: { title: string; close: () => void; begin: (name: string) => Promise<void> }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<Error>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    begin(name.trim()).catch(setError);
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={submit}>
        <label>{m.newName} <input value={name} maxLength={200} required pattern=".*\S.*" onInput={(event) => setName(event.currentTarget.value)} /></label>
        <Problem error={error} />
        <p class="acts">
          <button class="primary">{m.create}</button>
          <button type="button" onClick={close}>{m.close}</button>
        </p>
      </form>
    </Dialog>
  );
}

function Drafts({ drafts, kind, again }: { drafts: Draft[]; kind: Kind; again: () => void }) {
  const [doomed, setDoomed] = useState<Draft>();
  return (
    <section class="card">
      <h2>{m.drafts}</h2>
      {drafts.length === 0 ? <p class="faint">{PLACES[kind].none}</p> : (
        <ul class="list drafts">
          {drafts.map((it) => (
            <li key={it.id}>
              <div>
                <a href={draftAt(it.kind, it.id)}>{it.name}</a>
                <div class="faint">
                  <time dateTime={it.updatedAt} title={moment(it.updatedAt)}>{fill(m.changedAt, { when: ago(it.updatedAt) })}</time> · {fill(m.revision, { n: it.revision })}
                </div>
              </div>
              {it.lockedBy !== null && <span class="state">{fill(m.editedBy, { name: it.lockedBy })}</span>}
              <button class="quiet" aria-label={fill(m.throwAwayOf, { name: it.name })} onClick={() => setDoomed(it)}>{m.throwAway}</button>
            </li>
          ))}
        </ul>
      )}
      {doomed !== undefined && <ThrowAway draft={doomed} close={() => { setDoomed(undefined); again(); }} />}
    </section>
  );
}

function ThrowAway({ draft, close }: { draft: Draft; close: () => void }) {
  const [error, setError] = useState<Error>();
  const remove = () =>
    call("DELETE /api/v1/drafts/{draft}", { path: { draft: draft.id }, query: { holder: holder() } }).then(close, setError);
  return (
    <Dialog title={fill(m.throwAwayOf, { name: draft.name })} close={close}>
      <p>{m.throwAwaySure}</p>
      <Problem error={error} />
      <p class="acts">
        <button class="danger" onClick={() => void remove()}>{m.throwAwayYes}</button>
        <button onClick={close}>{m.close}</button>
      </p>
    </Dialog>
  );
}

function Deployed({ deployed, kind, edit }: { deployed: Latest[]; kind: Kind; edit: (it: Latest) => void }) {
  return (
    <section class="card">
      <h2>{PLACES[kind].deployed}</h2>
      {deployed.length === 0 ? <p class="faint">{m.nothingDeployed}</p> : (
        <ul class="list drafts">
          {deployed.map((it) => (
            <li key={it.id}>
              <div>{it.name || it.id} <span class="faint">{it.version}</span></div>
              <a class="button" href={versionsAt(kind, it.id)}>{m.versions}<span class="unseen"> {it.name || it.id}</span></a>
              <button aria-label={fill(m.editOf, { name: it.name || it.id })} onClick={() => edit(it)}>{m.edit}</button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
