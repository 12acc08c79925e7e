// What happened, in words, the newest first; a line shows its moment in the diagram.

import { useState } from "preact/hooks";
import type { HistoryEvent } from "../../api/schema";
import { clock, day, fill, number } from "../../format";
import { messages as m } from "../../messages/instance";
import { actorOf, toldOften, wordsOf } from "./words";

const SHOWN = 200;

interface Props {
  history: HistoryEvent[];
  events: number;
  chosen: string | undefined;
  nameOf: (id: string) => string;
  go: (at: number) => void;
}

export function Timeline({ history, events, chosen, nameOf, go }: Props) {
  const [steps, setSteps] = useState(false);
  const [all, setAll] = useState(false);
  const numbered = history.map((event, index) => ({ event, after: index + 1 }));
  const fitting = numbered
    .filter(({ event }) => (steps || toldOften(event)) && (chosen === undefined || event.element === chosen))
    .reverse();
  const shown = all ? fitting : fitting.slice(0, SHOWN);
  let before = "";
  return (
    <section class="card">
      <div class="head">
        <h2>{m.timeline}{chosen !== undefined && <span class="faint"> · {nameOf(chosen)}</span>}</h2>
        <label class="tick"><input type="checkbox" checked={steps} onChange={() => setSteps(!steps)} />{m.timelineSteps}</label>
      </div>
      <ol class="timeline" tabIndex={0} aria-label={m.timeline}>
        {shown.map(({ event, after }) => {
          const date = day(event.at);
          const changes = date !== before;
          before = date;
          return (
            <li key={event.seq} class={`${event.event}${after > events ? " later" : ""}`}>
              {changes && <h3>{date}</h3>}
              <time class="faint" dateTime={event.at}>{clock(event.at)}</time>
              <button class="words" title={m.replayFrom} aria-current={after === events ? "step" : undefined} onClick={() => go(after)}>{wordsOf(event, nameOf)}</button>
              <span class="faint">{actorOf(event.actor)}</span>
            </li>
          );
        })}
      </ol>
      {shown.length < fitting.length && <button class="quiet" onClick={() => setAll(true)}>{fill(m.timelineAll, { n: number(fitting.length) })}</button>}
    </section>
  );
}
