// Both sides of a draft that two have changed, and the choice between them.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { Dialog } from "../parts/dialog";
import { Problem } from "../parts/problem";
import { Comparison } from "./comparison";
import { letGo } from "./kept";
import { draftAt } from "./places";
import type { OpenDraft } from "./use_draft";

export function Conflict({ open, taken }: { open: OpenDraft; taken: () => void }) {
  const { route } = useLocation();
  const [error, setError] = useState<Error>();
  const { draft, saving } = open;
  const theirs = saving.theirs!;
  const keepBoth = async () => {
    try {
      const body = { name: fill(m.copyOf, { name: saving.mine.name }).slice(0, 200), content: saving.mine.content, kind: draft.kind };
      const copy = await call("POST /api/v1/drafts", { body });
      letGo(draft.id);
      open.takeTheirs();
      route(draftAt(copy.kind, copy.id));
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <Dialog title={m.conflict} close={() => undefined} kind="wide">
      <p>{m.conflictHelp}</p>
      <Comparison
        kind={draft.kind}
        before={{ name: fill(m.theirs, { n: theirs.revision }), content: theirs.content }}
        after={{ name: m.mine, content: saving.mine.content }}
      />
      <Problem error={error} />
      <p class="acts">
        <button class="primary" onClick={() => void keepBoth()}>{m.keepBoth}</button>
        <button onClick={() => { open.takeTheirs(); taken(); }}>{m.takeTheirs}</button>
        <button class="danger" onClick={open.keepMine}>{m.keepMine}</button>
      </p>
    </Dialog>
  );
}
