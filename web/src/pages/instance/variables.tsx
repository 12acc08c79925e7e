// The variables of each scope, at the moment that is shown: their history, and a careful editor.

import { useState } from "preact/hooks";
import { call } from "../../api/client";
import type { HistoryEvent, ProcessInstance } from "../../api/schema";
import { fill, moment } from "../../format";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { Json } from "../../parts/json";
import { Problem } from "../../parts/problem";
import { type ScopeShown, valuesOf } from "./replay";
import { actorOf } from "./words";

interface Props {
  instance: ProcessInstance;
  history: HistoryEvent[];
  scopes: ScopeShown[];
  past: boolean;
  nameOf: (id: string) => string;
  again: () => void;
}

interface Edited {
  shown: ScopeShown;
  /** Empty for a new one. */
  name: string;
}

export function Variables({ instance, history, scopes, past, nameOf, again }: Props) {
  const [edited, setEdited] = useState<Edited>();
  const [looked, setLooked] = useState<Edited>();
  const titleOf = ({ element, own }: ScopeShown): string =>
    element === undefined ? m.theProcess : own ? fill(m.ofElement, { element: nameOf(element) }) : nameOf(element);
  const editable = !past && instance.endedAt === null;
  const filled = scopes.filter((it) => it.key === 0 || Object.keys(it.variables).length > 0);
  return (
    <section class="card">
      <div class="head">
        <h2>{m.variables}</h2>
        {editable && <button class="quiet" onClick={() => setEdited({ shown: scopes[0]!, name: "" })}>+ {m.newVariable}</button>}
      </div>
      {filled.map((shown) => (
        <div key={`${shown.own} ${shown.key}`} class="scroll" tabIndex={0} role="region" aria-label={`${m.variables}: ${titleOf(shown)}`}>
          {filled.length > 1 && <h3>{titleOf(shown)}</h3>}
          {Object.keys(shown.variables).length === 0 ? <p class="faint">{m.noVariables}</p> : (
            <table>
              <thead><tr><th scope="col">{m.name}</th><th scope="col">{m.value}</th><td /></tr></thead>
              <tbody>
                {Object.keys(shown.variables).sort().map((name) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td><Json value={shown.variables[name]} /></td>
                    <td class="number">
                      <button class="quiet" aria-label={fill(m.historyOf, { name })} title={m.history} onClick={() => setLooked({ shown, name })}>↺</button>
                      {editable && !shown.own && <button class="quiet" aria-label={fill(m.editOf, { name })} title={m.edit} onClick={() => setEdited({ shown, name })}>✎</button>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      ))}
      {looked !== undefined && (
        <History values={valuesOf(history, looked.shown, looked.name)} name={looked.name} close={() => setLooked(undefined)} />
      )}
      {edited !== undefined && (
        <Editor
          key={`${edited.shown.key} ${edited.name}`}
          instance={instance}
          scope={edited.shown.key}
          title={titleOf(edited.shown)}
          name={edited.name}
          now={scopes.find((it) => !it.own && it.key === edited.shown.key)?.variables[edited.name]}
          close={() => { setEdited(undefined); again(); }}
        />
      )}
    </section>
  );
}

function History({ values, name, close }: { values: ReturnType<typeof valuesOf>; name: string; close: () => void }) {
  return (
    <Dialog title={fill(m.historyOf, { name })} close={close}>
      <ol class="list">
        {values.map((it) => (
          <li key={it.at}><Json value={it.value} /><div class="faint">{moment(it.at)} · {fill(m.changedBy, { actor: actorOf(it.actor) })}</div></li>
        ))}
      </ol>
      <p class="acts"><button onClick={close}>{m.close}</button></p>
    </Dialog>
  );
}

interface EditorProps {
  instance: ProcessInstance;
  scope: number;
  title: string;
  name: string;
  /** The value as it is now, which may change while it is edited. */
  now: unknown;
  close: () => void;
}

function Editor({ instance, scope, title, name, now, close }: EditorProps) {
  const [begun] = useState(JSON.stringify(now));
  const [newName, setNewName] = useState(name);
  const [text, setText] = useState(now === undefined ? "" : JSON.stringify(now, null, 2));
  const [feel, setFeel] = useState(false);
  const [evaluated, setEvaluated] = useState<unknown>();
  const [wrong, setWrong] = useState<Error>();
  const conflict = JSON.stringify(now) !== begun;
  const value = (): unknown => {
    if (feel) {
      if (evaluated === undefined) throw new Error(fill(m.feelWrong, { reason: text }));
      return evaluated;
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(fill(m.jsonWrong, { reason: (error as Error).message }));
    }
  };
  const typed = async (wanted: string, asFeel: boolean) => {
    setText(wanted);
    setFeel(asFeel);
    setWrong(undefined);
    setEvaluated(undefined);
    try {
      if (asFeel) {
        const body = { expression: wanted, context: instance.variables };
        const reply = await call("POST /api/v1/feel/evaluate", { query: { typed: true }, body });
        setEvaluated(reply.value);
      } else JSON.parse(wanted);
    } catch (error) {
      setWrong(new Error(fill(asFeel ? m.feelWrong : m.jsonWrong, { reason: (error as Error).message })));
    }
  };
  const given = () => ({ path: { instance: instance.id }, body: { scope, variables: { [newName.trim()]: value() } } });
  return (
    <Act
      title={name === "" ? m.newVariable : fill(m.editTitle, { name, scope: title })}
      yes={m.save}
      operation="PUT /api/v1/process-instances/{instance}/variables"
      given={given}
      done={close}
      close={close}
      disabled={newName.trim() === "" || wrong !== undefined || text === ""}
    >
      {name === "" && <p><label>{m.name} <input required value={newName} onInput={(event) => setNewName(event.currentTarget.value)} /></label></p>}
      <div class="choice" role="group">
        <label class="tick"><input type="radio" name="form" checked={!feel} onChange={() => void typed(text, false)} />{m.asJson}</label>
        <label class="tick"><input type="radio" name="form" checked={feel} onChange={() => void typed(text, true)} />{m.asFeel}</label>
      </div>
      <textarea aria-label={m.value} rows={8} spellcheck={false} aria-invalid={wrong !== undefined} value={text} onInput={(event) => void typed(event.currentTarget.value, feel)} />
      {feel && <p class="faint">{m.feelHelp}{evaluated !== undefined && <> <code>{JSON.stringify(evaluated)}</code></>}</p>}
      <Problem error={wrong} />
      {conflict && (
        <div class="warning" role="alert">
          <p>{m.conflict}</p>
          <Json value={now} />
          <p>{m.conflictKeep}</p>
        </div>
      )}
    </Act>
  );
}
