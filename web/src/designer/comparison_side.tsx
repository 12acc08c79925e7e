// One of two models that are compared.

import "../style/designer.css";
import { useEffect } from "preact/hooks";
import { Problem } from "../parts/problem";
import { useViewer } from "../parts/viewer";
import type { Canvas, Registry } from "./services";
import type { SideProps } from "./sides";

const CHANGES = ["added", "removed", "changed", "moved"] as const;

export function Side({ content, differences, chosen, choose }: SideProps) {
  const { box, viewer, error } = useViewer(content, choose);
  useEffect(() => {
    if (viewer === undefined) return;
    const canvas = viewer.get<Canvas>("canvas");
    const registry = viewer.get<Registry>("elementRegistry");
    const byId = new Map(differences.map((it) => [it.id, it.change]));
    for (const { id, parent } of registry.filter(() => true)) {
      if (parent === undefined) continue;
      for (const change of CHANGES) canvas[byId.get(id) === change ? "addMarker" : "removeMarker"](id, `diff-${change}`);
      canvas[id === chosen ? "addMarker" : "removeMarker"](id, "chosen");
    }
  }, [viewer, differences, chosen]);
  return <><Problem error={error} /><div class="diagram" ref={box} /></>;
}
