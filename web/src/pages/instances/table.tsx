// The list itself: only the rows in view are on the page, however many there are.

import { useEffect, useRef } from "preact/hooks";
import type { ProcessInstance } from "../../api/schema";
import { duration, moment, number } from "../../format";
import { messages as m } from "../../messages/instances";
import { State } from "../../parts/states";
import { useWindow } from "../../parts/virtual";
import type { Column } from "./views";

/** In pixels; the style sheet keeps to it. */
const ROW = 38;

interface Props {
  rows: ProcessInstance[];
  more: boolean;
  columns: Column[];
  next: () => void;
  /** Told whether the first row is in view. */
  top: (inView: boolean) => void;
}

const titleOf = (column: Column): string => (column.startsWith("var:") ? column.slice("var:".length) : m.columnNames[column as keyof typeof m.columnNames]);

export function Table({ rows, more, columns, next, top }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { first, last } = useWindow(box, ROW, rows.length);
  useEffect(() => {
    top(first === 0);
    if (more && last >= rows.length - 20) next();
  }, [first, last, rows.length, more]);
  return (
    <div class="long" ref={box} tabIndex={0} role="region" aria-label={m.instances}>
      <table aria-rowcount={more ? -1 : rows.length + 1}>
        <thead><tr>{columns.map((it) => <th scope="col" key={it} class={NUMBERS.has(it) ? "number" : undefined}>{titleOf(it)}</th>)}</tr></thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" class="room" ref={(row) => row?.style.setProperty("height", `${first * ROW}px`)} />}
          {rows.slice(first, last).map((row, index) => (
            <tr key={row.id} aria-rowindex={first + index + 2}>{columns.map((it) => <td key={it} class={NUMBERS.has(it) ? "number" : undefined}><Cell row={row} column={it} /></td>)}</tr>
          ))}
          {last < rows.length && <tr aria-hidden="true" class="room" ref={(row) => row?.style.setProperty("height", `${(rows.length - last) * ROW}px`)} />}
        </tbody>
      </table>
      {more && <p class="faint" role="status">{m.loadingMore}</p>}
    </div>
  );
}

const NUMBERS = new Set<Column>(["took", "incidents"]);

function Cell({ row, column }: { row: ProcessInstance; column: Column }) {
  switch (column) {
    case "state":
      return <State of={row} />;
    case "workflow":
      return <a href={`/instances/${row.id}`}>{row.processId}</a>;
    case "version":
      return <>{row.version}</>;
    case "businessKey":
      return <>{row.businessKey}</>;
    case "started":
      return <time dateTime={row.startedAt}>{moment(row.startedAt)}</time>;
    case "ended":
      return row.endedAt === null ? null : <time dateTime={row.endedAt}>{moment(row.endedAt)}</time>;
    case "took":
      return row.endedAt === null ? null : <>{duration(Date.parse(row.endedAt) - Date.parse(row.startedAt))}</>;
    case "incidents":
      return row.incidents === 0 ? null : <>{number(row.incidents)}</>;
    case "variables":
      return <code class="short">{JSON.stringify(row.variables)}</code>;
    case "id":
      return <a class="id" href={`/instances/${row.id}`}>{row.id}</a>;
    default: {
      const value = row.variables[column.slice("var:".length)];
      return value === undefined ? null : <code class="short">{JSON.stringify(value)}</code>;
    }
  }
}
