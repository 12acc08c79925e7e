// The command palette: a page, a workflow or an instance, found by typing.

import { useEffect, useId, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import type { Process } from "../api/schema";
import { fill } from "../format";
import { messages as m } from "../messages/shell";
import { LINKS } from "../pages";
import { Dialog } from "../parts/dialog";
import { found, type Goal } from "./goals";

export function Palette({ close }: { close: () => void }) {
  const { route } = useLocation();
  const list = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [processes, setProcesses] = useState<Process[]>([]);
  useEffect(() => {
    // Without the workflows the pages are still found.
    call("GET /api/v1/processes", { query: { limit: 1000 } }).then((it) => setProcesses(it.items), () => undefined);
  }, []);
  const goals: Goal[] = [
    ...LINKS.map(({ path, name }) => ({ path, name })),
    { path: "/docs", name: m.api, outside: true },
    ...processes.map((it) => ({ path: `/?start=${encodeURIComponent(it.id)}`, name: fill(m.paletteStart, { name: it.name }) })),
    ...processes.map((it) => ({
      path: `/instances?processId=${encodeURIComponent(it.id)}`,
      name: fill(m.paletteList, { name: it.name }),
    })),
  ];
  const shown = found(text, goals);
  const go = (goal: Goal | undefined) => {
    if (goal === undefined) return;
    close();
    if (goal.outside) location.assign(goal.path);
    else route(goal.path);
  };
  const pressed = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const typed = event.currentTarget.value;
    // Who types fast presses Enter before what was typed last is drawn; it counts all the same.
    if (event.key === "Enter") go(typed === text ? shown[at] : found(typed, goals)[0]);
    else if (step !== undefined && shown.length > 0) setAt((at + step + shown.length) % shown.length);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={m.palette} close={close} kind="palette">
      <input
        type="search"
        role="combobox"
        aria-label={m.palette}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={shown.length > 0 ? `${list}-${at}` : undefined}
        placeholder={m.paletteHint}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={pressed}
      />
      {shown.length === 0 && <p class="faint" role="status">{m.nothingFound}</p>}
      <ul class="goals" role="listbox" id={list} aria-label={m.palette}>
        {shown.map((goal, index) => (
          <li key={goal.path} id={`${list}-${index}`} role="option" aria-selected={index === at} onClick={() => go(goal)}>{goal.name}</li>
        ))}
      </ul>
    </Dialog>
  );
}
