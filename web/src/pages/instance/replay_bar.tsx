// The slider through the history, forwards and backwards.

import { useEffect, useState } from "preact/hooks";
import type { HistoryEvent } from "../../api/schema";
import { clock, fill, number } from "../../format";
import { messages as m } from "../../messages/instance";
import { wordsOf } from "./words";

const STEP_MS = 450;

interface Props {
  history: HistoryEvent[];
  /** After how many events; undefined is now. */
  at: number | undefined;
  go: (at: number | undefined) => void;
  nameOf: (id: string) => string;
}

export function ReplayBar({ history, at, go, nameOf }: Props) {
  const all = history.length;
  const events = at ?? all;
  const [playing, setPlaying] = useState(false);
  const to = (wanted: number) => go(wanted >= all ? undefined : Math.max(1, wanted));
  useEffect(() => {
    if (!playing) return;
    if (at === undefined) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => to(at + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [playing, at]);
  const play = () => {
    if (at === undefined) go(1);
    setPlaying(!playing);
  };
  const event = history[events - 1];
  return (
    <div class="replay" role="group" aria-label={m.replay}>
      <div class="replay-keys">
        <button class="quiet" aria-label={m.toStart} title={m.toStart} onClick={() => to(1)} disabled={events <= 1}>❙◀</button>
        <button class="quiet" aria-label={m.stepBack} title={m.stepBack} onClick={() => to(events - 1)} disabled={events <= 1}>◀</button>
        <button class="quiet" onClick={play} aria-pressed={playing}>{playing ? m.pause : m.play}</button>
        <button class="quiet" aria-label={m.stepOn} title={m.stepOn} onClick={() => to(events + 1)} disabled={at === undefined}>▶</button>
        <button class="quiet" onClick={() => go(undefined)} aria-pressed={at === undefined}>{m.live}</button>
      </div>
      <input
        type="range"
        min={1}
        max={Math.max(1, all)}
        value={events}
        aria-label={m.replay}
        aria-valuetext={event && wordsOf(event, nameOf)}
        onInput={(input) => to(Number(input.currentTarget.value))}
      />
      <p class="faint">
        <span>{fill(m.replayAt, { at: number(events), all: number(all) })}</span>
        {event !== undefined && <> · <time dateTime={event.at}>{clock(event.at)}</time> · {wordsOf(event, nameOf)}</>}
      </p>
      {at !== undefined && <p class="warning">{m.past}</p>}
    </div>
  );
}
