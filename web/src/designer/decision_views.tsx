// Which table of a file is shown, or how its decisions depend on each other.

import { messages as m } from "../messages/designer";
import type { View } from "./decisions";

export function Views({ views, active, open }: { views: View[]; active: View | undefined; open: (view: View) => void }) {
  return (
    <div class="tools segments" role="toolbar" aria-label={m.views}>
      {views.map((it) => (
        <button key={it.id} aria-pressed={it.id === active?.id} onClick={() => open(it)}>{it.type === "drd" ? m.requirements : it.name || it.id}</button>
      ))}
    </div>
  );
}
