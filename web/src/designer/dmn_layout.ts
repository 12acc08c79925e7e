// A diagram of the requirements for files of decisions that come without one: what is required stands below.

const MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/";
const DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/";
const DI = "http://www.omg.org/spec/DMN/20180521/DI/";
const DC = "http://www.omg.org/spec/DMN/20180521/DC/";

const SIZES: Record<string, [number, number]> = {
  decision: [180, 80],
  inputData: [125, 45],
  businessKnowledgeModel: [135, 46],
  knowledgeSource: [100, 63],
};
const STEP = { x: 230, y: 160 };

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Give a file in the words of DMN 1.3 with a diagram: its own, or one that is made for it. */
export function withRequirements(xml: string): string {
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const drawn = [...file.documentElement.children].filter((it) => it.namespaceURI === MODEL && it.localName in SIZES && it.id !== "");
  if (drawn.length === 0 || file.getElementsByTagNameNS(DMNDI, "DMNShape").length > 0) return xml;
  const make = (around: Element, namespace: string, name: string, attributes: Record<string, string | number>): Element => {
    const made = file.createElementNS(namespace, name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
    return around.appendChild(made);
  };
  for (const old of file.getElementsByTagNameNS(DMNDI, "DMNDI")) old.remove();
  const diagram = make(make(file.documentElement, DMNDI, "dmndi:DMNDI", {}), DMNDI, "dmndi:DMNDiagram", {});
  const boxes = placed(drawn);
  for (const [id, box] of boxes) make(make(diagram, DMNDI, "dmndi:DMNShape", { dmnElementRef: id }), DC, "dc:Bounds", { ...box });
  for (const element of drawn) {
    for (const requirement of requirementsOf(element)) {
      const [from, to] = [boxes.get(requiredBy(requirement)), boxes.get(element.id)!];
      if (from === undefined) continue;
      if (requirement.id === "") requirement.id = `${element.id}-needs-${requiredBy(requirement)}`;
      const edge = make(diagram, DMNDI, "dmndi:DMNEdge", { dmnElementRef: requirement.id });
      make(edge, DI, "di:waypoint", { x: from.x + from.width / 2, y: from.y });
      make(edge, DI, "di:waypoint", { x: to.x + to.width / 2, y: to.y + to.height });
    }
  }
  return new XMLSerializer().serializeToString(file);
}

const requirementsOf = (element: Element): Element[] => [...element.children].filter((it) => it.localName.endsWith("Requirement"));

/** The id of what a requirement names in its own file. */
const requiredBy = (requirement: Element): string => [...requirement.children].map((it) => it.getAttribute("href") ?? "").find((it) => it.startsWith("#"))?.slice(1) ?? "";

function placed(elements: Element[]): Map<string, Box> {
  const byId = new Map(elements.map((it) => [it.id, it]));
  const levels = new Map<string, number>();
  const levelOf = (id: string, above: Set<string>): number => {
    const element = byId.get(id);
    if (element === undefined || above.has(id)) return -1;
    const known = levels.get(id) ?? 1 + Math.max(-1, ...requirementsOf(element).map((it) => levelOf(requiredBy(it), new Set([...above, id]))));
    levels.set(id, known);
    return known;
  };
  const top = Math.max(...elements.map((it) => levelOf(it.id, new Set())));
  const filled = new Map<number, number>();
  return new Map(
    elements.map((it) => {
      const level = levels.get(it.id)!;
      const column = filled.get(level) ?? 0;
      filled.set(level, column + 1);
      const [width, height] = SIZES[it.localName]!;
      return [it.id, { x: 160 + column * STEP.x, y: 80 + (top - level) * STEP.y, width, height }];
    }),
  );
}
