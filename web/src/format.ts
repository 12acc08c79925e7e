// How texts, moments, numbers and durations are written, by the locale of the browser.

/** A text with its `{places}` filled. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** One of two texts by a number, which fills `{n}`. */
export function counted([one, many]: readonly [string, string], n: number): string {
  return fill(plurals.select(n) === "one" ? one : many, { n: number(n) });
}

const plurals = new Intl.PluralRules();
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const clocks = new Intl.DateTimeFormat(undefined, {
  // A column of moments that differ by milliseconds is read best without am and pm.
  hourCycle: "h23",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const numbers = new Intl.NumberFormat();
const shares = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

export const moment = (iso: string): string => moments.format(new Date(iso));
export const day = (iso: string | number): string => days.format(new Date(iso));
export const clock = (iso: string): string => clocks.format(new Date(iso));
export const number = (n: number): string => numbers.format(n);
export const share = (part: number): string => shares.format(part);

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

const unit = (n: number, name: string, digits = 0): string =>
  new Intl.NumberFormat(undefined, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: digits }).format(n);

/** A duration in its two largest units, such as `2h 14m`. */
export function duration(ms: number): string {
  if (ms < 1_000) return unit(Math.round(ms), "millisecond");
  if (ms < 60_000) return unit(ms / 1_000, "second", ms < 10_000 ? 1 : 0);
  const at = UNITS.findIndex(([, length]) => ms >= length);
  const [name, length] = UNITS[at]!;
  const [nextName, nextLength] = UNITS[at + 1]!;
  const rest = Math.floor((ms % length) / nextLength);
  const whole = unit(Math.floor(ms / length), name);
  return rest === 0 ? whole : `${whole} ${unit(rest, nextName)}`;
}

/** How far a moment is from now, such as `3 min. ago`. */
export function ago(iso: string, now = Date.now()): string {
  const ms = Date.parse(iso) - now;
  const [name, length] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? UNITS[3];
  return relative.format(Math.trunc(ms / length), name);
}
