// The editor and the viewer of dmn-js for one box, and what is in a file of decisions.

import Modeler from "dmn-js/lib/Modeler";
import NavigatedViewer, { type Manager, type View } from "dmn-js/lib/NavigatedViewer";
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "../style/decisions.css";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { withRequirements } from "./dmn_layout";
import type { Drawn } from "./elements";
import type { Canvas } from "./services";

export type { Manager, View };

/** An element as moddle has it. */
export interface DmnElement {
  id: string;
  name?: string;
  $type: string;
  drgElement?: DmnElement[];
  decisionLogic?: DmnElement;
  rule?: DmnElement[];
}

interface Told {
  views: (views: View[], active: View | undefined) => void;
  changed?: () => void;
}

const RENDERER = { defaultFillColor: "var(--shape)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" };
const DRAWN = "20191111";
const VERSIONS = /(https?:\/\/www\.omg\.org\/spec\/DMN\/)(?:20151101\/dmn\.xsd|(?:20180521|20211108|20230324)\/(MODEL|DMNDI)\/)/g;

/** A file in the words of DMN 1.3, which the editor knows; what else is in it stays as it is. */
const inItsWords = (xml: string): string => xml.replace(VERSIONS, (_, head: string, part = "MODEL") => `${head.replace("http:", "https:")}${DRAWN}/${part}/`);

/** Draw a file in a box; throws where it cannot be. */
export async function drawDecisions(box: HTMLElement, xml: string, told: Told): Promise<Manager> {
  const options = { container: box, drd: { drdRenderer: RENDERER } };
  const made: Manager = told.changed === undefined ? new NavigatedViewer(options) : new Modeler(options);
  made.on("views.changed", ({ views, activeView }) => {
    nameTheRules(box);
    told.views([...views], activeView);
  });
  made.on("viewer.created", ({ viewer }) => viewer.on("commandStack.changed", () => told.changed?.()));
  box.addEventListener("mousedown", keepFocus, true);
  try {
    const { warnings } = await made.importXML(withRequirements(inItsWords(xml)), { open: false });
    // What the editor cannot read it would leave out when it saves.
    if (told.changed !== undefined && warnings.length > 0) throw new Error(fill(m.wouldBeLost, { what: warnings[0]!.message }));
    const views = made.getViews();
    const tables = views.filter((it) => it.type !== "drd");
    // Where there is one decision there is nothing to see in how they depend on each other.
    const first = tables.length === 1 ? tables[0] : views[0];
    if (first === undefined) throw new Error(m.nothingToShow);
    await show(made, first);
  } catch (error) {
    made.destroy();
    throw new Error(fill(m.noDiagram, { reason: (error as Error).message }), { cause: error });
  }
  return made;
}

/** A click in a menu would focus the page around it, by which the menu closes before anything is chosen. */
function keepFocus(event: MouseEvent): void {
  const target = event.target as Element;
  const menu = target.closest(".dms-select-options, .context-menu") !== null;
  if (menu && target.closest("input, select, textarea, button, [contenteditable]") === null) event.preventDefault();
}

/** The head of the column of the numbers is empty, and says nothing to who does not see the table. */
function nameTheRules(box: HTMLElement): void {
  const head = box.querySelector("th.index-column");
  if (head === null || head.childElementCount > 0) return;
  const name = document.createElement("span");
  name.className = "unseen";
  name.textContent = m.ruleNumber;
  head.append(name);
}

export async function show(manager: Manager, view: View): Promise<void> {
  await manager.open(view);
  if (view.type === "drd") manager.getActiveViewer()?.get<Canvas>("canvas").zoom("fit-viewport", "auto");
}

const words = (type: string): string => type.replace("dmn:", "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

/** What a file holds that has a name. */
export const namedIn = (definitions: DmnElement): Drawn[] =>
  (definitions.drgElement ?? []).map(({ id, name, $type }) => ({ id, name: name || id, type: words($type) }));

/** The element of the requirements in which something stands, such as the decision of a rule. */
export function around(definitions: DmnElement, id: string): DmnElement | undefined {
  const holds = (it: unknown): boolean => {
    if (Array.isArray(it)) return it.some(holds);
    if (typeof it !== "object" || it === null || !("$type" in it)) return false;
    return ("id" in it && it.id === id) || Object.entries(it).some(([name, value]) => !name.startsWith("$") && holds(value));
  };
  return definitions.drgElement?.find(holds);
}
