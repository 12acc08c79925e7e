// The canvas with its tools, and beside it the properties, the elements and the problems.

import type Modeler from "bpmn-js/lib/Modeler";
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../api/client";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { fit } from "../parts/fitting";
import { drawable } from "../parts/layout";
import { Aside, type Tab } from "./aside";
import { drawnOf, type Drawn, Elements } from "./elements";
import { FeelTester } from "./feel_tester";
import { svgOf } from "./files";
import { makeModeler, type Template } from "./modeler";
import type { DrawingProps, Pen } from "./pen";
import { Problems, showBadges } from "./problems";
import type { Canvas, CommandStack, EventBus, Registry, Selection, Shape } from "./services";
import { Tools } from "./tools";

const PAUSE_MS = 100;
export function Drawing({ content, findings, change, ready, failed }: DrawingProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [modeler, setModeler] = useState<Modeler>();
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [tab, setTab] = useState<Tab>("properties");
  const latest = useRef({ change, ready, failed });
  latest.current = { change, ready, failed };

  useEffect(() => {
    const opening = open(canvas.current!, panel.current!, content);
    let gone = false;
    opening.then(
      (made) => {
        if (gone) return;
        follow(made, {
          changed: (text) => latest.current.change(text),
          drawn: setDrawn,
          chosen: setChosen,
        });
        setModeler(made);
        latest.current.ready(penOf(made, content));
      },
      (error: Error) => !gone && latest.current.failed(error),
    );
    return () => {
      gone = true;
      setModeler(undefined);
      latest.current.ready(undefined);
      void opening.then((made) => made.destroy(), () => undefined);
    };
  }, []);

  useEffect(() => {
    if (modeler === undefined) return;
    const canvasOf = modeler.get<Canvas>("canvas");
    if (canvas.current!.clientWidth > 0) fit(modeler);
    const observer = new ResizeObserver(() => canvasOf.resized());
    observer.observe(canvas.current!);
    return () => observer.disconnect();
  }, [modeler]);

  const select = (id: string) => {
    const shape = modeler?.get<Registry>("elementRegistry").get(id);
    if (modeler === undefined || shape === undefined) return;
    modeler.get<Selection>("selection").select(shape);
    modeler.get<Canvas>("canvas").scrollToElement(id);
  };
  useEffect(() => {
    if (modeler === undefined) return;
    showBadges(modeler, findings ?? [], (id) => {
      select(id);
      setTab("problems");
    });
  }, [modeler, findings, drawn]);

  return (
    <div class="designing">
      <section class="sheet" aria-label={m.canvas}>
        <Tools modeler={modeler} drawn={drawn} />
        <div class="diagram canvas" ref={canvas} />
      </section>
      <Aside
        tab={tab}
        choose={setTab}
        findings={findings}
        tabs={[
          { id: "properties", box: panel },
          { id: "elementsList", holds: <Elements drawn={drawn} chosen={chosen} choose={select} /> },
          { id: "problems", holds: <Problems findings={findings} drawn={drawn} chosen={chosen} choose={select} /> },
          { id: "feel", holds: <FeelTester /> },
        ]}
      />
    </div>
  );
}

/** A file in which nothing is changed stays as it is, byte for byte. */
const penOf = (modeler: Modeler, content: string): Pen => ({
  text: async () => (modeler.get<CommandStack>("commandStack").canUndo() ? (await modeler.saveXML({ format: true })).xml! : content),
  svg: () => svgOf(modeler),
});

async function open(canvas: HTMLElement, panel: HTMLElement, xml: string): Promise<Modeler> {
  const [whole, templates, functions] = await Promise.all([drawable(xml), call("GET /api/v1/element-templates"), call("GET /api/v1/functions")]);
  const modeler = await makeModeler(canvas, panel, { templates: templates as unknown as Template[], functions: functions.items });
  try {
    await modeler.importXML(whole);
  } catch (error) {
    modeler.destroy();
    throw new Error(fill(m.noDiagram, { reason: (error as Error).message }), { cause: error });
  }
  return modeler;
}

interface Followed {
  changed: (xml: string) => void;
  drawn: (elements: Drawn[]) => void;
  chosen: (id: string | undefined) => void;
}

/** Tell of what changes, but not of each step of one change. */
function follow(modeler: Modeler, told: Followed): void {
  const bus = modeler.get<EventBus>("eventBus");
  const registry = modeler.get<Registry>("elementRegistry");
  let timer = 0;
  told.drawn(drawnOf(registry));
  bus.on("commandStack.changed", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const { xml } = await modeler.saveXML({ format: true });
      told.drawn(drawnOf(registry));
      if (xml !== undefined) told.changed(xml);
    }, PAUSE_MS);
  });
  bus.on("diagram.destroy", () => clearTimeout(timer));
  bus.on("selection.changed", ({ newSelection }: { newSelection: Shape[] }) => {
    told.chosen(newSelection.length === 1 ? newSelection[0]!.id : undefined);
  });
}
