// The time that is looked at.

export const RANGES = { "24h": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000, "90d": 90 * 86_400_000, all: undefined } as const;
export type Range = keyof typeof RANGES;

const HOUR = 3_600_000;

export const isRange = (text: string | undefined): text is Range => text !== undefined && text in RANGES;

export interface Asked {
  unit: "hour" | "day";
  startedFrom?: string;
}

/** What the server is asked for: whole hours, so that the same question is asked for a while. */
export function asked(range: Range, now: number): Asked {
  const length = RANGES[range];
  if (length === undefined) return { unit: "day" };
  const from = Math.floor((now - length) / HOUR) * HOUR;
  return { unit: length <= 3 * RANGES["24h"] ? "hour" : "day", startedFrom: new Date(from).toISOString() };
}
