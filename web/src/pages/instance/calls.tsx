// Who called this instance, and whom it has called: the tree of calls around it.

import { useRef } from "preact/hooks";
import { call } from "../../api/client";
import { useLive } from "../../api/live";
import type { ProcessInstance } from "../../api/schema";
import { messages as m } from "../../messages/instance";
import { State } from "../../parts/states";

const DEEPEST = 20;
const SHOWN = 100;

interface Tree {
  above: ProcessInstance[];
  below: ProcessInstance[];
}

async function load(instance: ProcessInstance): Promise<Tree> {
  const above: ProcessInstance[] = [];
  let parent = instance.parentId;
  while (parent !== null && above.length < DEEPEST) {
    const found = await call("GET /api/v1/process-instances/{instance}", { path: { instance: parent } });
    above.unshift(found);
    parent = found.parentId;
  }
  const { items } = await call("GET /api/v1/process-instances", { query: { parentId: instance.id, limit: SHOWN } });
  return { above, below: items };
}

export function Calls({ instance }: { instance: ProcessInstance }) {
  const known = useRef(new Set([instance.id]));
  const look = async () => {
    const tree = await load(instance);
    known.current = new Set([instance.id, ...tree.above.map((it) => it.id), ...tree.below.map((it) => it.id)]);
    return tree;
  };
  const { value } = useLive(look, instance.id, (change) => change.many || change.instances.some((it) => known.current.has(it.id)));
  if (value === undefined || value.above.length + value.below.length === 0) return null;
  const line = (it: ProcessInstance) => <><a href={`/instances/${it.id}`}>{it.processId}</a> <State of={it} /></>;
  const tree = (above: ProcessInstance[]): preact.JSX.Element => {
    const [first, ...rest] = above;
    return first !== undefined ? (
      <ul class="tree"><li>{line(first)}{tree(rest)}</li></ul>
    ) : (
      <ul class="tree">
        <li>
          <strong>{instance.processId}</strong> <span class="faint">{m.thisOne}</span>
          {value.below.length > 0 && <ul class="tree">{value.below.map((it) => <li key={it.id}>{line(it)}</li>)}</ul>}
        </li>
      </ul>
    );
  };
  return <section class="card"><h2>{m.calls}</h2>{tree(value.above)}</section>;
}
