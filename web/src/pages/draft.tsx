// One draft: drawn, checked, tried and deployed.

import "../style/designer.css";
import { lazy } from "preact-iso";
import { useState } from "preact/hooks";
import { ENDINGS, type Kind, useFindings } from "../designer/checking";
import { editorName, setEditorName } from "../designer/editor_name";
import { download, pngOf } from "../designer/files";
import { deployedId } from "../designer/models";
import type { Pen } from "../designer/pen";
import { PLACES, versionsAt } from "../designer/places";
import { type OpenDraft, useDraft } from "../designer/use_draft";
import { fill, moment } from "../format";
import { messages as m } from "../messages/designer";
import { Menu } from "../parts/menu";
import { Problem } from "../parts/problem";
import { FileButton } from "./designer";

const DRAWINGS = {
  process: lazy(() => import("../designer/drawing").then((it) => it.Drawing)),
  decision: lazy(() => import("../designer/decision_drawing").then((it) => it.DecisionDrawing)),
  form: lazy(() => import("../designer/form_drawing").then((it) => it.FormDrawing)),
};
const Conflict = lazy(() => import("../designer/conflict").then((it) => it.Conflict));
const Deploying = lazy(() => import("../designer/deploying").then((it) => it.Deploying));
const Trial = lazy(() => import("../designer/trial").then((it) => it.Trial));
const FormTester = lazy(() => import("../designer/form_tester").then((it) => it.FormTester));
const Reading = lazy(() => import("../designer/reading").then((it) => it.Reading));

export function DraftPage({ id }: { id?: string }) {
  const { open, error } = useDraft(id ?? "");
  if (open === undefined) {
    return <><h1>{m.draft}</h1><Problem error={error} />{error === undefined && <p class="faint">{m.loading}</p>}</>;
  }
  return <Opened key={open.draft.id} open={open} />;
}

type Doing = "deploying" | "trial" | undefined;

function Opened({ open }: { open: OpenDraft }) {
  const { draft, saving, lockedBy } = open;
  const kind: Kind = draft.kind;
  const { name, content } = saving.mine;
  const [turn, setTurn] = useState(0);
  const [pen, setPen] = useState<Pen>();
  const [broken, setBroken] = useState<Error>();
  const [doing, setDoing] = useState<Doing>();
  const findings = useFindings(content, kind);
  const change = (text: string) => open.change({ name, content: text });
  const replace = (text: string) => {
    change(text);
    setBroken(undefined);
    setTurn((it) => it + 1);
  };
  // What was drawn a moment ago is not told yet.
  const begin = async (what: Doing) => {
    if (pen !== undefined) change(await pen.text());
    setDoing(what);
  };
  const Drawing = DRAWINGS[kind];
  const drawn = broken === undefined;
  const back = () => setDoing(undefined);
  return (
    <div class="designer">
      <header class="bar">
        <h1 class="unseen">{name}</h1>
        <a class="quiet" href={PLACES[kind].path} aria-label={m.toDrafts} title={m.toDrafts}>←</a>
        <input class="name" aria-label={m.draftName} value={name} maxLength={200} disabled={lockedBy !== undefined}
          onInput={(event) => open.change({ name: event.currentTarget.value, content })} />
        <Standing open={open} />
        <div class="acts">
          <FileMenu name={name} content={content} kind={kind} pen={pen} replace={replace} />
          <VersionsLink draft={draft.id} content={content} kind={kind} />
          {kind !== "decision" && <button onClick={() => void begin("trial")}>{m.tryIt}</button>}
          <button class="primary" onClick={() => void begin("deploying")}>{m.deploy}</button>
        </div>
      </header>
      <Notices open={open} broken={broken} />
      {lockedBy !== undefined ? <Reading key={saving.revision} content={content} kind={kind} />
        : doing === "trial" ? (kind === "form" ? <FormTester content={content} close={back} /> : <Trial xml={content} close={back} />)
        : drawn ? <Drawing key={turn} content={content} findings={findings} change={change} ready={setPen} failed={setBroken} />
        : <AsText content={content} change={change} />}
      {saving.theirs !== undefined && lockedBy === undefined && <Conflict open={open} taken={() => setTurn((it) => it + 1)} />}
      {doing === "deploying" && <Deploying name={name} content={content} kind={kind} findings={findings} close={back} />}
    </div>
  );
}

/** How far the server has what is drawn here. */
function Standing({ open: { saving, refusal } }: { open: OpenDraft }) {
  const text = saving.offline || refusal !== undefined ? m.unsaved : saving.sending !== undefined ? m.saving : saving.dirty ? m.unsaved : m.saved;
  return <span class={`standing ${saving.dirty ? "dirty" : "clean"}`} role="status">{text}</span>;
}

function Notices({ open, broken }: { open: OpenDraft; broken: Error | undefined }) {
  const { saving, lockedBy, restored, refusal } = open;
  const [name, setName] = useState(editorName());
  const named = (text: string) => {
    setName(text);
    setEditorName(text);
  };
  return (
    <div class="notices">
      {saving.offline && <p class="notice warn" role="alert">{m.offline}</p>}
      {refusal !== undefined && <p class="notice bad" role="alert">{fill(m.refused, { reason: refusal.message })}</p>}
      {restored !== undefined && saving.theirs === undefined && <p class="notice" role="status">{fill(m.restored, { when: moment(restored) })}</p>}
      {lockedBy !== undefined && (
        <p class="notice warn" role="status">
          {fill(m.lockedBy, { name: lockedBy })}{" "}
          <label>{m.yourName} <input value={name} onInput={(event) => named(event.currentTarget.value)} /></label>
          <button onClick={open.takeOver}>{m.takeOver}</button>
        </p>
      )}
      {broken !== undefined && <p class="notice bad" role="alert">{broken.message}</p>}
    </div>
  );
}

function VersionsLink({ draft, content, kind }: { draft: string; content: string; kind: Kind }) {
  const id = deployedId(kind, content);
  return id === undefined ? null : <a class="button" href={`${versionsAt(kind, id)}?draft=${draft}`}>{m.versions}</a>;
}

interface FileMenuProps {
  name: string;
  content: string;
  kind: Kind;
  pen: Pen | undefined;
  replace: (content: string) => void;
}

function FileMenu({ name, content, kind, pen, replace }: FileMenuProps) {
  const [error, setError] = useState<Error>();
  const file = name.trim().replace(/[^\p{L}\p{N} ._-]/gu, "_") || m.unnamed;
  const svg = pen?.svg;
  const asSvg = async () => download(`${file}.svg`, new Blob([await svg!()], { type: "image/svg+xml" }));
  const asPng = async () => download(`${file}.png`, await pngOf(await svg!()));
  const saved = async () => download(`${file}.${ENDINGS[kind]}`, new Blob([pen === undefined ? content : await pen.text()], { type: "application/octet-stream" }));
  const trying = (act: () => Promise<void>) => void act().catch(setError);
  return (
    <>
      <Menu label={m.file} side="down" closes>
        <button onClick={() => trying(saved)}>{m.exportAs[kind]}</button>
        {svg !== undefined && <button onClick={() => trying(asSvg)}>{m.exportSvg}</button>}
        {svg !== undefined && <button onClick={() => trying(asPng)}>{m.exportPng}</button>}
        <FileButton text={m.replaceFile} take={(it) => trying(async () => replace(await it.text()))} />
      </Menu>
      <Problem error={error} />
    </>
  );
}

interface AsTextProps {
  content: string;
  change: (content: string) => void;
}

/** A file that is not drawn here, or cannot be: as text, so that it can be put right. */
function AsText({ content, change }: AsTextProps) {
  return (
    <section class="card">
      <p class="faint">{m.rawHelp}</p>
      <label class="whole">{m.content} <textarea rows={24} spellcheck={false} value={content} onInput={(event) => change(event.currentTarget.value)} /></label>
    </section>
  );
}
