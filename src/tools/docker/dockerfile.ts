/** What a Dockerfile does, as far as people ought to know before they approve it. */
export type Dockerfile = { from: string[]; runs: number; fetches: string[]; problem: string | undefined };

/** Reads a Dockerfile's instructions; `problem` says why the engine's own builder would not take it. */
export function readDockerfile(text: string): Dockerfile {
  const lines = text
    .replace(/^\s*#.*$/gm, '')
    .replace(/\\[ \t]*\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const stages = new Set<string>();
  const from: string[] = [];
  const fetches: string[] = [];
  for (const line of lines) {
    const base = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (base?.[1] !== undefined && base[1] !== 'scratch' && !stages.has(base[1].toLowerCase()))
      from.push(base[1]);
    if (base?.[2] !== undefined) stages.add(base[2].toLowerCase());
    if (/^ADD\s/i.test(line)) fetches.push(...(line.match(/\bhttps?:\/\/\S+/g) ?? []));
  }
  const runs = lines.filter((line) => /^RUN\s/i.test(line)).length;
  return { from: [...new Set(from)], runs, fetches, problem: problemOf(lines) };
}

function problemOf(lines: readonly string[]): string | undefined {
  if (!lines.some((line) => /^FROM\s/i.test(line))) return 'It has no FROM.';
  const modern = lines.find((line) =>
    /^(RUN|COPY|ADD)\s+--(mount|security|network|link|parents|exclude)\b/i.test(line),
  );
  if (modern !== undefined) return `"${modern.slice(0, 60)}" needs BuildKit, which Reign does not drive.`;
  if (lines.some((line) => /^(RUN|COPY)\s.*<<-?['"]?\w+/i.test(line)))
    return 'Its here-documents need BuildKit.';
  return undefined;
}
