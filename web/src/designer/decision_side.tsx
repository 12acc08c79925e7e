// Decisions that are only looked at.

import "../style/designer.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../parts/problem";
import { type Mark, Marker } from "./decision_marks";
import { Views } from "./decision_views";
import { around, drawDecisions, type Manager, show, type View } from "./decisions";
import type { Difference } from "./differences";
import type { SideProps } from "./sides";

const MARKS: Record<Difference["change"], Mark> = { added: "added", removed: "removed", changed: "changed", moved: "changed" };

export function DecisionSide({ content, differences, chosen }: SideProps) {
  const box = useRef<HTMLDivElement>(null);
  const [manager, setManager] = useState<Manager>();
  const [views, setViews] = useState<{ all: View[]; active: View | undefined }>({ all: [], active: undefined });
  const [error, setError] = useState<Error>();
  const marker = useRef<Marker>();
  useEffect(() => {
    let gone = false;
    const opening = drawDecisions(box.current!, content, { views: (all, active) => !gone && setViews({ all, active }) });
    marker.current = new Marker(box.current!);
    opening.then((it) => !gone && setManager(it), (failure: Error) => !gone && setError(failure));
    return () => {
      gone = true;
      marker.current?.end();
      setManager(undefined);
      void opening.then((it) => it.destroy(), () => undefined);
    };
  }, [content]);
  useEffect(() => marker.current?.show(differences.map((it) => [it.id, MARKS[it.change]])), [differences, content]);
  useEffect(() => {
    if (manager === undefined || chosen === undefined) return;
    const element = around(manager.getDefinitions(), chosen);
    const view = views.all.find((it) => it.id === element?.id);
    if (view !== undefined) void show(manager, view);
  }, [manager, chosen]);
  return (
    <>
      <Problem error={error} />
      {views.all.length > 1 && <Views views={views.all} active={views.active} open={(it) => manager !== undefined && void show(manager, it)} />}
      <div class="decisions diagram" ref={box} />
    </>
  );
}
