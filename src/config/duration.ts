const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A number and s, m, h or d, as in `90s` or `4h`. */
export const durationPattern = /^[1-9]\d{0,5}[smhd]$/;

/** Seconds of a text that {@link durationPattern} matches. */
export function durationSeconds(text: string): number {
  return Number(text.slice(0, -1)) * units[text.slice(-1) as keyof typeof units];
}
