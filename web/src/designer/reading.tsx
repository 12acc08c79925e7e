// A draft that somebody else edits, to be looked at.

import { useState } from "preact/hooks";
import { Side } from "./comparison_side";
import type { Kind } from "./checking";

export function Reading({ content, kind }: { content: string; kind: Kind }) {
  const [chosen, choose] = useState<string>();
  if (kind !== "process") return <pre>{content}</pre>;
  return <div class="card reading"><Side xml={content} differences={[]} chosen={chosen} choose={choose} /></div>;
}
