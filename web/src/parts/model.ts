// What a model calls its sequence flows and elements.

export interface Flow {
  id: string;
  name: string;
  source: string;
}

export interface Named {
  /** Whatever has an id. */
  elements: Map<string, string>;
  /** What a token can be at. */
  nodes: Map<string, string>;
  flows: Map<string, Flow>;
}

/** The names in a model: a flow without one is called by its two ends. */
export function namesOf(xml: string): Named {
  const model = new DOMParser().parseFromString(xml, "application/xml");
  const elements = new Map([...model.querySelectorAll("[id]")].map((it) => [it.id, it.getAttribute("name") || it.id]));
  const node = /(Task|Event|Gateway|[sS]ubProcess|transaction|callActivity|^task)$/;
  const nodes = new Map([...model.querySelectorAll("[id]")].filter((it) => node.test(it.localName)).map((it) => [it.id, elements.get(it.id)!]));
  const flows = new Map<string, Flow>();
  for (const it of model.getElementsByTagNameNS("*", "sequenceFlow")) {
    const [source, target] = [it.getAttribute("sourceRef") ?? "", it.getAttribute("targetRef") ?? ""];
    const ends = `${elements.get(source) ?? source} → ${elements.get(target) ?? target}`;
    const name = it.getAttribute("name");
    flows.set(it.id, { id: it.id, source, name: name ? `${ends} (${name})` : ends });
  }
  return { elements, nodes, flows };
}
