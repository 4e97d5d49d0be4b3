import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const block = /^```(\w*)\n([\s\S]*?)^```/gm;
const root = path.resolve(import.meta.dirname, '../..');

/** Programs whose calls in the docs are commands to try; `reign` alone stands for `npx reign`. */
const programs =
  /^(DATABASE_URL=\S+ |KUBECONFIG=\S+ )?(npx|npm|reign|docker|kubectl|helm|openssl|createdb|pg_dump|pg_restore|cp|curl|echo) /;

/** The first block of a page that holds a word. */
export function blockOf(page: string, word: string): string {
  const text = readFileSync(path.join(root, page), 'utf8');
  const blocks = [...text.matchAll(block)].map(([, , body = '']) => body);
  return blocks.find((body) => body.includes(word)) ?? '';
}

/** What README.md and the pages of docs/ tell people to type: lines of code blocks, and `npx reign …` in the text. */
export function documentedCommands(): Map<string, string[]> {
  const pages = readdirSync(path.join(root, 'docs')).filter((file) => file.endsWith('.md'));
  const found = new Map<string, string[]>();
  for (const page of ['README.md', ...pages.map((file) => `docs/${file}`)]) {
    const text = readFileSync(path.join(root, page), 'utf8');
    for (const command of commandsOf(text)) found.set(command, [...(found.get(command) ?? []), page]);
  }
  return found;
}

function commandsOf(text: string): string[] {
  const lines = [...text.matchAll(block)]
    .filter(([, language = '']) => ['', 'sh'].includes(language))
    .flatMap(([, , body = '']) => body.replace(/\\\n\s*/g, '').split('\n'));
  const prose = text.replace(block, '');
  const inline = [...prose.matchAll(/`((?:npx )?reign [a-z][^`\n]*)`/g)].map(([, command = '']) => command);
  return [...lines.filter((line) => programs.test(line)), ...inline].map((line) =>
    line
      .replace(/\s{2,}#.*$/, '')
      .replace(/^(npx )?reign /, 'npx reign ')
      .trim(),
  );
}
