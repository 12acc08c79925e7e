// A form that is only looked at.

import "../style/designer.css";
import { useMemo } from "preact/hooks";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { Form } from "../parts/form";
import { schemaOf } from "./models";
import type { SideProps } from "./sides";

const NOTHING = {};

export function FormSide({ content }: SideProps) {
  const schema = useMemo(() => schemaOf(content), [content]);
  if (schema === undefined) return <p class="problem">{fill(m.noDiagram, { reason: m.noJson })}</p>;
  return <Form schema={schema} values={NOTHING} ready={() => undefined} />;
}
