// What can be done with an instance as a whole.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { ProcessInstance } from "../../api/schema";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import type { Drawn, Marks } from "../../parts/diagram";
import { emptyRow, type Row, VariableRows, variablesOf } from "../../parts/variables";
import { Migrate } from "./migrate";
import { Move } from "./move";

type Name = "suspend" | "resume" | "cancel" | "move" | "migrate" | "restart";

interface Props {
  instance: ProcessInstance;
  xml: string | undefined;
  marks: Marks;
  drawn: Drawn[];
  again: () => void;
}

export function ActsBar({ instance, xml, marks, drawn, again }: Props) {
  const { route } = useLocation();
  const [act, setAct] = useState<Name>();
  const given = () => ({ path: { instance: instance.id } });
  const close = () => setAct(undefined);
  const done = () => {
    close();
    again();
  };
  const ended = instance.endedAt !== null;
  const plain = { given, done, close };
  return (
    <div class="acts">
      {ended ? (
        <button onClick={() => setAct("restart")}>{m.restart}</button>
      ) : (
        <>
          {instance.state === "suspended" ? <button onClick={() => setAct("resume")}>{m.resume}</button> : <button onClick={() => setAct("suspend")}>{m.suspend}</button>}
          <button onClick={() => setAct("move")} disabled={xml === undefined}>{m.move}</button>
          <button onClick={() => setAct("migrate")}>{m.migrate}</button>
          <button onClick={() => setAct("cancel")}>{m.cancel}</button>
        </>
      )}
      {act === "suspend" && <Act title={m.suspend} yes={m.suspend} operation="POST /api/v1/process-instances/{instance}/suspend" {...plain}><p>{m.suspendSure}</p></Act>}
      {act === "resume" && <Act title={m.resume} yes={m.resume} operation="POST /api/v1/process-instances/{instance}/resume" {...plain}><p>{m.resumeSure}</p></Act>}
      {act === "cancel" && <Act title={m.cancel} yes={m.cancelYes} danger operation="POST /api/v1/process-instances/{instance}/cancel" {...plain}><p>{m.cancelSure}</p></Act>}
      {act === "move" && xml !== undefined && <Move instance={instance} xml={xml} marks={marks} done={done} close={close} />}
      {act === "migrate" && xml !== undefined && <Migrate instance={instance} source={xml} marks={marks} done={done} close={close} />}
      {act === "restart" && <Restart instance={instance} drawn={drawn} done={(started) => { close(); route(`/instances/${started.id}`); }} close={close} />}
    </div>
  );
}

interface RestartProps {
  instance: ProcessInstance;
  drawn: Drawn[];
  done: (started: ProcessInstance) => void;
  close: () => void;
}

function Restart({ instance, drawn, done, close }: RestartProps) {
  const [element, setElement] = useState("");
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const given = () => ({
    path: { instance: instance.id },
    body: { variables: variablesOf(rows), ...(element !== "" && { element }) },
  });
  return (
    <Act title={m.restartTitle} yes={m.restart} operation="POST /api/v1/process-instances/{instance}/restart" given={given} done={done} close={close}>
      <p>{m.restartHelp}</p>
      <label>{m.restartAt}
        <select value={element} onChange={(event) => setElement(event.currentTarget.value)}>
          <option value="">{m.atStart}</option>
          {drawn.map((it) => <option key={it.id} value={it.id}>{it.name}</option>)}
        </select>
      </label>
      <p class="faint">{m.over}</p>
      <VariableRows rows={rows} change={setRows} />
    </Act>
  );
}
