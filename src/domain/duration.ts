const seconds: { [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const words: { [word: string]: number } = {
  'the last minute': 60,
  'the last hour': 3600,
  'an hour': 3600,
  'half an hour': 1800,
  today: 86_400,
  yesterday: 2 * 86_400,
};

/**
 * Seconds of a length of time as people type it: "90s", "20 minutes", "1h30m", "an hour", "yesterday" (from its
 * start, at most). Undefined when it cannot be read.
 */
export function parseDuration(text: string): number | undefined {
  const plain = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const worded = words[plain] ?? words[plain.replace(/^(the )?(last|past) /, 'the last ')];
  if (worded !== undefined) return worded;
  const rest = plain.replace(/^(the )?(last|past) /, '').replace(/ ago$/, '');
  const parts = [
    ...rest.matchAll(
      /(\d+(?:\.\d+)?) ?(s|m|h|d|w|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?)(?![a-z])/g,
    ),
  ];
  const left = parts.reduce((text, [part]) => text.replace(part, ''), rest).replace(/and|,| /g, '');
  if (parts.length === 0 || left !== '') return undefined;
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (seconds[(unit ?? '').charAt(0)] ?? 0),
    0,
  );
}
