// One of two models that are compared.

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";
import "../style/diagram.css";
import "../style/designer.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { drawable } from "../parts/layout";
import { Problem } from "../parts/problem";
import type { Difference } from "./differences";
import type { Canvas, Registry, Shape } from "./services";

const RENDERER = { defaultFillColor: "var(--shape)", defaultStrokeColor: "var(--ink)" };
const CHANGES = ["added", "removed", "changed", "moved"] as const;

interface Props {
  xml: string;
  differences: Difference[];
  chosen: string | undefined;
  choose: (id: string) => void;
}

export function Side({ xml, differences, chosen, choose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<NavigatedViewer>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    const made = new NavigatedViewer({ container: box.current!, bpmnRenderer: RENDERER });
    const canvas = made.get<Canvas>("canvas");
    const observer = new ResizeObserver(() => {
      if (box.current === null || box.current.clientWidth === 0) return;
      canvas.resized();
      canvas.zoom("fit-viewport", "auto");
    });
    let gone = false;
    drawable(xml).then((whole) => made.importXML(whole)).then(
      () => {
        if (gone) return;
        observer.observe(box.current!);
        setViewer(made);
      },
      (failure: Error) => !gone && setError(failure),
    );
    made.on("element.click", ({ element }: { element: Shape }) => choose(element.id));
    return () => {
      gone = true;
      observer.disconnect();
      made.destroy();
      setViewer(undefined);
    };
  }, [xml]);
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
