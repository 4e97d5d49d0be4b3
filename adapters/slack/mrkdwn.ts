import { clip, clipLines } from '../../src/domain/text.ts';

/** What people, tools and models say, as text that Slack shows and does not obey: no mention, no link of another name. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped text of at most `most` units; no entity is cut in two. */
export function plain(text: string, most: number): string {
  const escaped = escapeText(text);
  return escaped.length <= most ? escaped : clip(escaped, most).replace(/&[a-z]{0,3}…$/, '…');
}

/** One line of code; what would end it early is replaced. */
export function code(text: string, most = 300): string {
  return `\`${plain(text.replaceAll('`', 'ˋ').replace(/\s+/g, ' '), most)}\``;
}

/** Lines in a fence that is always closed, with a word on what was left out. */
export function fence(lines: readonly string[], most: number): { text: string; left: number } {
  const safe = lines.map((line) => escapeText(line.replaceAll('```', 'ˋˋˋ')));
  const { lines: kept, left } = clipLines(safe, most - 8);
  const whole = kept.map((line) => line.replace(/&[a-z]{0,3}…$/, '…'));
  return { text: `\`\`\`\n${whole.join('\n')}\n\`\`\``, left };
}

/** A time as the reader's own clock shows it. */
export function time(iso: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${iso}>`;
}

/** Only addresses that code made: the label is escaped, and so is what could end the link. */
export function link(url: string, label: string): string {
  return `<${encodeURI(url).replace(/[<>|]/g, '')}|${escapeText(label)}>`;
}

/** What a person typed, from Slack's wire form: entities, links that Slack made by itself, and mentions of others. */
export function unescapeText(text: string, botUser: string | undefined): string {
  const mention = botUser === undefined ? undefined : new RegExp(`<@${botUser}(\\|[^>]*)?>`, 'g');
  return (mention ? text.replace(mention, ' ') : text)
    .replace(/<(?:https?|mailto|tel):([^|>]*)\|([^>]*)>/g, (whole, address: string, label: string) =>
      address.replace(/^\/\//, '').replace(/\/$/, '') === label
        ? label
        : (whole.slice(1).split('|')[0] ?? label),
    )
    .replace(/<((?:https?|mailto|tel):[^>]*)>/g, '$1')
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, '#$1')
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<!(?:subteam\^[A-Z0-9]+\|)?([^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+$/gm, '')
    .trim();
}
