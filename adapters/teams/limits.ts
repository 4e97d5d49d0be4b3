import type { TeamsMessage } from './elements.ts';

/** Bytes of a message that Teams takes, with some room for what it adds. */
export const largestCard = 27 * 1024;
const mostActions = 6;

/** What Teams would refuse in a message, in words; empty when nothing. */
export function teamsProblems({ card, summary }: TeamsMessage): string[] {
  const text = JSON.stringify(card);
  const problems: string[] = [];
  const bytes = Buffer.byteLength(text);
  if (bytes > largestCard) problems.push(`a card of ${bytes} bytes`);
  if (!text.isWellFormed()) problems.push('half a character');
  if (summary === '') problems.push('no summary');
  if ((card.actions?.length ?? 0) > mostActions) problems.push(`${card.actions?.length} buttons`);
  if (text.includes('"text":""')) problems.push('an empty text');
  if (text.includes('"type":"TextBlock"')) problems.push('a text that Teams would read as Markdown');
  return problems;
}
