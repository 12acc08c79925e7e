// Curves and bars over time, drawn by uPlot; beside them the same numbers are in a table.

import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { theme } from "../theme";

export interface Series {
  label: string;
  /** A colour of the design system, such as `--accent`. */
  colour: string;
  values: (number | null)[];
  bars?: boolean;
}

interface Props {
  label: string;
  /** Moments in milliseconds, or other numbers where `scale` is not time. */
  at: number[];
  series: Series[];
  format: (value: number) => string;
}

const HEIGHT = 220;
const ROOM_S = 43_200;

export function Chart({ label, at, series, format }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let plot: uPlot | undefined;
    const seconds = at.map((it) => it / 1_000);
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(options(box.current!, seconds, series, format), [seconds, ...series.map((it) => it.values)], box.current!);
    };
    // The colours are drawn, so another theme is another drawing.
    const followTheme = effect(() => {
      theme.value;
      queueMicrotask(() => box.current !== null && draw());
    });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", draw);
    const observer = new ResizeObserver(() => plot?.setSize({ width: box.current!.clientWidth, height: HEIGHT }));
    observer.observe(box.current!);
    return () => {
      followTheme();
      system.removeEventListener("change", draw);
      observer.disconnect();
      plot?.destroy();
    };
  }, [at, series]);
  return <div class="chart" role="img" aria-label={label} ref={box} />;
}

function options(box: HTMLElement, at: number[], series: Series[], format: (value: number) => string): uPlot.Options {
  const colour = colours(box);
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0];
  // Half a bar, or half a day beside a single moment.
  const room = at.length > 1 ? (last - first) / (at.length - 1) / 2 : ROOM_S;
  const axis = { stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  return {
    width: box.clientWidth,
    height: HEIGHT,
    cursor: { y: false },
    axes: [axis, { ...axis, size: 64, values: (_, splits) => splits.map((it) => (it === null ? "" : format(it))) }],
    scales: {
      x: { range: [first - room, last + room] },
      y: { range: (_, _low, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    series: [
      {},
      ...series.map((it): uPlot.Series => {
        const stroke = colour(it.colour);
        return {
          label: it.label,
          stroke,
          width: 2,
          spanGaps: true,
          points: { show: it.values.length < 40, size: 6 },
          value: (_, value) => (value === null ? "–" : format(value)),
          ...(it.bars && { paths: uPlot.paths.bars!({ size: [0.7, 40] }), fill: stroke, points: { show: false } }),
        };
      }),
    ],
  };
}

/** A canvas takes no variables: each is asked for as the page has it now. */
function colours(box: HTMLElement): (name: string) => string {
  const probe = document.createElement("span");
  return (name) => {
    probe.style.color = `var(${name})`;
    box.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
}
