// Decisions that are drawn: their tables, how they depend on each other, and beside them a tester.

import { useEffect, useRef, useState } from "preact/hooks";
import type { DecisionResult } from "../api/schema";
import { messages as m } from "../messages/designer";
import { Aside, type Tab } from "./aside";
import { type Marked, Marker } from "./decision_marks";
import { Views } from "./decision_views";
import { DecisionTester } from "./decision_tester";
import { around, drawDecisions, type Manager, namedIn, show, type View } from "./decisions";
import { type Drawn, Elements } from "./elements";
import { FeelTester } from "./feel_tester";
import type { DrawingProps } from "./pen";
import { Problems } from "./problems";

const PAUSE_MS = 100;

export function DecisionDrawing({ content, findings, change, ready, failed }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const [manager, setManager] = useState<Manager>();
  const [views, setViews] = useState<{ all: View[]; active: View | undefined }>({ all: [], active: undefined });
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const [tab, setTab] = useState<Tab>("decide");
  const [result, setResult] = useState<DecisionResult>();
  const marker = useRef<Marker>();
  const latest = useRef({ change, ready, failed });
  latest.current = { change, ready, failed };

  useEffect(() => {
    let timer = 0;
    let gone = false;
    let made: Manager | undefined;
    const told = () => made !== undefined && setDrawn(namedIn(made.getDefinitions()));
    const text = async () => (await made!.saveXML({ format: true })).xml;
    const changed = () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        told();
        latest.current.change(await text());
      }, PAUSE_MS);
    };
    const opening = drawDecisions(box.current!, content, { views: (all, active) => !gone && setViews({ all, active }), changed });
    marker.current = new Marker(box.current!);
    opening.then(
      (it) => {
        if (gone) return;
        made = it;
        setManager(it);
        told();
        latest.current.ready({ text });
      },
      (error: Error) => !gone && latest.current.failed(error),
    );
    return () => {
      gone = true;
      clearTimeout(timer);
      marker.current?.end();
      latest.current.ready(undefined);
      void opening.then((it) => it.destroy(), () => undefined);
    };
  }, []);

  useEffect(() => marker.current?.show(marksOf(result, views.active, findings ?? [])), [result, views.active, findings]);

  const select = (id: string) => {
    if (manager === undefined) return;
    const element = around(manager.getDefinitions(), id);
    const view = views.all.find((it) => it.id === element?.id) ?? views.all.find((it) => it.type === "drd");
    if (view !== undefined) void show(manager, view);
  };
  return (
    <div class="designing">
      <section class="sheet" aria-label={m.canvas}>
        <Views views={views.all} active={views.active} open={(it) => manager !== undefined && void show(manager, it)} />
        <div class="decisions canvas" ref={box} />
      </section>
      <Aside
        tab={tab}
        choose={setTab}
        findings={findings}
        tabs={[
          { id: "decide", holds: <DecisionTester content={content} shown={views.active?.id} told={setResult} open={select} /> },
          { id: "elementsList", holds: <Elements drawn={drawn} chosen={views.active?.id} choose={select} /> },
          { id: "problems", holds: <Problems findings={findings} drawn={drawn} chosen={undefined} choose={select} /> },
          { id: "feel", holds: <FeelTester /> },
        ]}
      />
    </div>
  );
}

/** The rules that matched, and what is wrong. A rule without an id is marked only in its own table. */
function marksOf(result: DecisionResult | undefined, active: View | undefined, findings: DrawingProps["findings"] & object): Marked[] {
  const wrong = findings.filter((it) => it.severity === "error" && it.element !== null).map((it): Marked => [it.element!, "wrong"]);
  const shown = active?.element.decisionLogic?.id;
  const matched = (result?.matched ?? []).filter((it) => it.table === shown || it.table === active?.id).flatMap((it) => it.rules);
  return [...wrong, ...matched.map((it): Marked => [it, "matched"])];
}
