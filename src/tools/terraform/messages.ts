/** One line of Terraform's `-json` output, as far as it is used here. */
type Message = {
  type?: string;
  '@message'?: string;
  diagnostic?: Diagnostic;
  changes?: { add?: number; change?: number; remove?: number; operation?: string };
};
type Diagnostic = { severity?: string; summary?: string; detail?: string; address?: string; range?: Range };
type Diagnostics = { errors: string[]; warnings: string[] };
type Range = { filename?: string; start?: { line?: number } };

/** The line as Terraform's message; undefined for anything else. */
export function messageIn(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** Errors and warnings of a run with `-json`, one text each. */
export function diagnosticsIn(stdout: string): Diagnostics {
  return diagnosticsOf(stdout.split('\n').flatMap((line) => messageIn(line)?.diagnostic ?? []));
}

export function diagnosticsOf(diagnostics: readonly Diagnostic[]): Diagnostics {
  const errors: string[] = [];
  const warnings: string[] = [];
  for (const diagnostic of diagnostics)
    (diagnostic.severity === 'error' ? errors : warnings).push(textOf(diagnostic));
  return { errors, warnings };
}

/** What a run of apply or destroy did in the end, as Terraform counts it. */
export function changesDone(
  stdout: string,
): { added: number; changed: number; destroyed: number } | undefined {
  const summaries = stdout.split('\n').map((line) => messageIn(line)?.changes);
  const last = summaries
    .filter((changes) => changes?.operation === 'apply' || changes?.operation === 'destroy')
    .at(-1);
  if (last === undefined) return undefined;
  return { added: last.add ?? 0, changed: last.change ?? 0, destroyed: last.remove ?? 0 };
}

/** What a person may be shown of a line while Terraform works. */
export function progressOf(line: string): string | undefined {
  const message = messageIn(line);
  const shown = ['apply_start', 'apply_progress', 'apply_complete', 'apply_errored', 'provision_start'];
  return shown.includes(message?.type ?? '') ? message?.['@message'] : undefined;
}

function textOf({ summary = '', detail = '', address, range }: Diagnostic): string {
  const line = range?.start?.line === undefined ? '' : `:${range.start.line}`;
  const where = range?.filename === undefined ? address : `${range.filename}${line}`;
  const text = detail === '' || summary.includes(detail) ? summary : `${summary}: ${detail}`;
  const short = text.replaceAll(/\s+/g, ' ').slice(0, 600);
  return where === undefined ? short : `${where}: ${short}`;
}
