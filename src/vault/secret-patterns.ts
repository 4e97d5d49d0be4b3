import type { Found } from './spans.ts';

/** Secrets that show themselves by their form; `text` is the part to mask. */
const patterns: readonly { rule: string; pattern: RegExp }[] = [
  {
    rule: 'private-key',
    pattern: /(?<text>-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?)/g,
  },
  { rule: 'token', pattern: /\b(?<text>eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})/g },
  {
    rule: 'authorization',
    pattern:
      /\bauthorization["']?\s*[:=]\s*["']?(?<text>(?!(?:[a-z]+ +)?\[redacted)(?:[a-z]+ +)?[^\s"',]{6,})/gi,
  },
  { rule: 'authorization', pattern: /\b(?:bearer|basic) +(?<text>[\w.~+/-]{16,}=*)/gi },
  { rule: 'password', pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:(?<text>(?!\[redacted)[^\s@/]+)@/gi },
];

/** Finds private keys, signed tokens, authorization headers and passwords in addresses. Cheap enough for each line. */
export function findPatterns(text: string): Found[] {
  const found: Found[] = [];
  for (const { rule, pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const secret = match.groups?.text ?? '';
      const from = match.index + match[0].lastIndexOf(secret);
      if (secret !== '') found.push({ from, to: from + secret.length, rule });
    }
  }
  return found;
}
