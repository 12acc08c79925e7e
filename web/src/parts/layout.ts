// A diagram for models that come without one.

/** Give a model with a diagram: its own, or one that is made for it. */
export async function drawable(xml: string): Promise<string> {
  if (/<(\w+:)?BPMNShape\b/.test(xml)) return xml;
  const { layoutProcess } = await import("bpmn-auto-layout");
  return layoutProcess(withEnds(xml));
}

/** Name at each element the flows that come and go, by which the layout finds its way; files may leave them out. */
function withEnds(xml: string): string {
  const model = new DOMParser().parseFromString(xml, "application/xml");
  const byId = new Map([...model.querySelectorAll("[id]")].map((element) => [element.id, element]));
  for (const flow of model.getElementsByTagNameNS("*", "sequenceFlow")) {
    for (const [end, name] of [["sourceRef", "outgoing"], ["targetRef", "incoming"]] as const) {
      const element = byId.get(flow.getAttribute(end) ?? "");
      const told = [...(element?.children ?? [])].some((it) => it.localName === name && it.textContent === flow.id);
      if (element === undefined || told) continue;
      const prefix = element.prefix === null ? "" : `${element.prefix}:`;
      const reference = model.createElementNS(element.namespaceURI, prefix + name);
      reference.textContent = flow.id;
      element.append(reference);
    }
  }
  return new XMLSerializer().serializeToString(model);
}
