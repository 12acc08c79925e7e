// The tools over the canvas; each is also a key.

import type Modeler from "bpmn-js/lib/Modeler";
import { useEffect, useState } from "preact/hooks";
import { messages as m } from "../messages/designer";
import { Dialog } from "../parts/dialog";
import { fitAll } from "../parts/fitting";
import { Menu } from "../parts/menu";
import type { Drawn } from "./elements";
import type { CommandStack, EditorActions } from "./services";

const KEYS: [string[], string][] = [
  [["Ctrl Z", "Ctrl Y"], m.keyboardOf.undo],
  [["Ctrl C", "Ctrl V"], m.keyboardOf.copy],
  [["Ctrl A"], m.keyboardOf.all],
  [["Ctrl F"], m.keyboardOf.find],
  [["N", "A"], m.keyboardOf.create],
  [["E"], m.keyboardOf.edit],
  [["H", "L", "S", "C"], m.keyboardOf.hand],
  [["Del"], m.keyboardOf.remove],
  [["Ctrl +", "Ctrl −", "Ctrl 0"], m.keyboardOf.zoom],
];

export function Tools({ modeler, drawn }: { modeler: Modeler | undefined; drawn: Drawn[] }) {
  const [can, setCan] = useState({ undo: false, redo: false });
  const [keys, setKeys] = useState(false);
  useEffect(() => {
    const stack = modeler?.get<CommandStack>("commandStack");
    if (stack !== undefined) setCan({ undo: stack.canUndo(), redo: stack.canRedo() });
  }, [modeler, drawn]);
  const act = (action: string, options?: object) => modeler?.get<EditorActions>("editorActions").trigger(action, options);
  const arrange = (action: string, type: string) => act(action, { type });
  return (
    <div class="tools" role="toolbar" aria-label={m.canvas}>
      <button class="quiet" disabled={!can.undo} onClick={() => act("undo")} title={m.undo} aria-label={m.undo}>↶</button>
      <button class="quiet" disabled={!can.redo} onClick={() => act("redo")} title={m.redo} aria-label={m.redo}>↷</button>
      <button class="quiet" onClick={() => act("find")}>{m.find}</button>
      <button class="quiet" onClick={() => modeler !== undefined && fitAll(modeler)}>{m.fit}</button>
      <Menu label={m.align} side="down" closes>
        {Object.entries(m.aligns).map(([type, text]) => <button key={type} onClick={() => arrange("alignElements", type)}>{text}</button>)}
        {Object.entries(m.distributes).map(([type, text]) => <button key={type} onClick={() => arrange("distributeElements", type)}>{text}</button>)}
      </Menu>
      <button class="quiet" onClick={() => setKeys(true)}>{m.keyboard}</button>
      {keys && (
        <Dialog title={m.keyboard} close={() => setKeys(false)}>
          <dl class="keys">
            {KEYS.map(([pressed, does]) => (
              <div key={does}><dt>{pressed.map((one) => <kbd key={one}>{one}</kbd>)}</dt><dd>{does}</dd></div>
            ))}
          </dl>
          <p class="acts"><button onClick={() => setKeys(false)}>{m.close}</button></p>
        </Dialog>
      )}
    </div>
  );
}
