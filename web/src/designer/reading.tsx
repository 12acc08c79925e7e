// A draft that somebody else edits, to be looked at.

import { useState } from "preact/hooks";
import type { Kind } from "./checking";
import { SIDES } from "./sides";

export function Reading({ content, kind }: { content: string; kind: Kind }) {
  const [chosen, choose] = useState<string>();
  const Side = SIDES[kind];
  return <div class="card reading"><Side content={content} differences={[]} chosen={chosen} choose={choose} /></div>;
}
