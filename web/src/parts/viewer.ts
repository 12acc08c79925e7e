// A model that is drawn in a box and fitted to it, for whoever then marks it.

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";
import "../style/diagram.css";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { fit } from "./fitting";
import { drawable } from "./layout";

const RENDERER = {
  defaultFillColor: "var(--shape)",
  defaultStrokeColor: "var(--ink)",
  defaultLabelColor: "var(--ink)",
};

interface Canvas {
  resized(): void;
}

interface Drawing {
  box: RefObject<HTMLDivElement>;
  /** Once the model is drawn. */
  viewer: NavigatedViewer | undefined;
  /** Why it cannot be drawn. */
  error: Error | undefined;
}

export function useViewer(xml: string, choose: (id: string) => void, drawn?: (viewer: NavigatedViewer) => void, around?: () => Iterable<string>): Drawing {
  const box = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<NavigatedViewer>();
  const [error, setError] = useState<Error>();
  const latest = useRef(around);
  latest.current = around;
  useEffect(() => {
    const made = new NavigatedViewer({ container: box.current!, bpmnRenderer: RENDERER });
    const canvas = made.get<Canvas>("canvas");
    // The first layout may come after the import, and a diagram fitted before it sticks to a corner.
    const observer = new ResizeObserver(() => {
      if (box.current === null || box.current.clientWidth === 0) return;
      canvas.resized();
      fit(made, latest.current?.());
    });
    let gone = false;
    drawable(xml).then((whole) => made.importXML(whole)).then(
      () => {
        if (gone) return;
        observer.observe(box.current!);
        drawn?.(made);
        setViewer(made);
      },
      (failure: Error) => !gone && setError(failure),
    );
    made.on("element.click", ({ element }: { element: { id: string } }) => choose(element.id));
    return () => {
      gone = true;
      observer.disconnect();
      made.destroy();
      setViewer(undefined);
    };
  }, [xml]);
  return { box, viewer, error };
}
