// The columns to show, and the views that are kept under names.

import { useState } from "preact/hooks";
import { fill } from "../../format";
import { messages as m } from "../../messages/instances";
import { Menu } from "../../parts/menu";
import { type Column, COLUMNS, keepViews, keptViews, toggled, type View } from "./views";

export function Columns({ columns, choose }: { columns: Column[]; choose: (columns: Column[]) => void }) {
  const [name, setName] = useState("");
  const variables = columns.filter((it) => it.startsWith("var:"));
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const column: Column = `var:${name.trim()}`;
    if (name.trim() !== "" && !columns.includes(column)) choose(toggled(columns, column));
    setName("");
  };
  return (
    <Menu side="right" label={m.columns}>
        {[...COLUMNS, ...variables].map((it) => (
          <label class="tick" key={it}>
            <input type="checkbox" checked={columns.includes(it)} disabled={columns.length === 1 && columns.includes(it)} onChange={() => choose(toggled(columns, it))} />
            {it.startsWith("var:") ? it.slice("var:".length) : m.columnNames[it as keyof typeof m.columnNames]}
          </label>
        ))}
        <form onSubmit={add}>
          <label>{m.variableColumn} <input value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
          <button>{m.addColumn}</button>
        </form>
    </Menu>
  );
}

interface ViewsProps {
  search: string;
  columns: Column[];
  open: (view: View) => void;
}

export function Views({ search, columns, open }: ViewsProps) {
  const [views, setViews] = useState<View[]>(keptViews);
  const [name, setName] = useState("");
  const keep = (wanted: View[]) => {
    keepViews(wanted);
    setViews(wanted);
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const title = name.trim();
    if (title === "") return;
    keep([...views.filter((it) => it.name !== title), { name: title, search, columns }]);
    setName("");
  };
  return (
    <Menu side="right" label={m.views}>
        {views.length === 0 && <p class="faint">{m.noViews}</p>}
        {views.map((it) => (
          <div class="split" key={it.name}>
            <button onClick={() => open(it)}>{it.name}</button>
            <button class="quiet" aria-label={fill(m.forgetView, { name: it.name })} onClick={() => keep(views.filter((one) => one !== it))}>✕</button>
          </div>
        ))}
        <form onSubmit={save}>
          <label>{m.viewName} <input value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
          <button>{m.saveView}</button>
        </form>
    </Menu>
  );
}
