/** What a line in `reign chat` means. */
export type ChatLine =
  | { kind: 'say'; text: string }
  | { kind: 'decide'; verdict: 'approve' | 'reject' | 'request-changes'; plan?: string; reason?: string }
  | { kind: 'cancel'; plan?: string }
  | { kind: 'undo'; plan?: string }
  | { kind: 'option'; number: number }
  | { kind: 'leave' }
  | { kind: 'help' };

/** Reads a line: slash commands decide, a bare number picks an option, everything else is said. */
export function readLine(line: string): ChatLine {
  const text = line.trim();
  if (/^\d{1,2}$/.test(text)) return { kind: 'option', number: Number(text) };
  if (!text.startsWith('/')) return { kind: 'say', text };
  const [command = '', ...words] = text.slice(1).split(/\s+/);
  const [plan, ...rest] = words;
  const named = plan === undefined ? {} : { plan };
  const reason = rest.length > 0 ? { reason: rest.join(' ') } : {};
  switch (command) {
    case 'approve':
      return { kind: 'decide', verdict: 'approve', ...named };
    case 'reject':
      return { kind: 'decide', verdict: 'reject', ...named, ...reason };
    case 'changes':
      return { kind: 'decide', verdict: 'request-changes', ...named, ...reason };
    case 'cancel':
    case 'undo':
      return { kind: command, ...named };
    case 'quit':
    case 'exit':
      return { kind: 'leave' };
    default:
      return { kind: 'help' };
  }
}
