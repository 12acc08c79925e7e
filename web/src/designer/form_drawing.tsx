// A form that is drawn: its components, the properties of the chosen one, and what is wrong with it.

import type { FormEditor } from "@bpmn-io/form-js-editor";
import { useEffect, useRef, useState } from "preact/hooks";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { Aside, type Tab } from "./aside";
import { type Drawn, Elements } from "./elements";
import { FeelTester } from "./feel_tester";
import { componentsOf, type Schema, schemaOf } from "./models";
import type { DrawingProps } from "./pen";
import { Problems } from "./problems";

const PAUSE_MS = 100;

interface FormFields {
  get(id: string): object | undefined;
}
interface Selection {
  set(field: object): void;
}

export function FormDrawing({ content, findings, change, ready, failed }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const palette = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<FormEditor>();
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [tab, setTab] = useState<Tab>("properties");
  const latest = useRef({ change, ready, failed });
  latest.current = { change, ready, failed };

  useEffect(() => {
    let timer = 0;
    let gone = false;
    let made: FormEditor | undefined;
    const text = async () => JSON.stringify(made!.saveSchema(), null, 2);
    const told = () => setDrawn(drawnIn(made!.saveSchema()));
    const open = async () => {
      const schema = schemaOf(content);
      if (schema === undefined) throw new Error(fill(m.noDiagram, { reason: m.noJson }));
      const { makeFormEditor } = await import("./form_editor");
      if (gone) return;
      made = await makeFormEditor({ box: box.current!, palette: palette.current!, panel: panel.current! }, schema);
      if (gone) return made.destroy();
      made.on("commandStack.changed", () => {
        clearTimeout(timer);
        timer = setTimeout(async () => {
          told();
          latest.current.change(await text());
        }, PAUSE_MS);
      });
      made.on("selection.changed", ({ selection }: { selection?: { id: string } }) => setChosen(selection?.id));
      told();
      setEditor(made);
      latest.current.ready({ text });
    };
    open().catch((error: Error) => !gone && latest.current.failed(error));
    return () => {
      gone = true;
      clearTimeout(timer);
      latest.current.ready(undefined);
      made?.destroy();
    };
  }, []);

  const select = (id: string) => {
    const field = editor?.get<FormFields>("formFieldRegistry").get(id);
    if (field === undefined) return;
    editor!.get<Selection>("selection").set(field);
    box.current?.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center" });
  };
  return (
    <div class="designing forming">
      <section class="sheet" aria-label={m.canvas}>
        <div class="palette" role="region" aria-label={m.palette} ref={palette} />
        <div class="form canvas" ref={box} />
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

const drawnIn = (schema: object): Drawn[] =>
  componentsOf(schema as Schema).map(({ id, label, key, type }) => ({ id, name: label || key || id, type }));
