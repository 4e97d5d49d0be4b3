import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import type { LocalCommands } from '../../src/cli/local-commands.ts';
import { createProgram } from '../../src/cli/program.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = ['README.md', 'CONTRIBUTING.md', ...pagesBelow('docs')];
const program = createProgram({} as LocalCommands);

describe.each(pages)('%s', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8');

  test('names commands and flags that the command line has', () => {
    const problems = commandsIn(text).flatMap((line) => problemOf(line) ?? []);
    expect(problems).toEqual([]);
  });

  test('links to what is there', () => {
    const broken = linksIn(text).filter((link) => !leadsSomewhere(page, link));
    expect(broken).toEqual([]);
  });
});

function pagesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const below = path.join(folder, entry.name);
    if (entry.isDirectory()) return pagesBelow(below);
    return entry.name.endsWith('.md') ? [below] : [];
  });
}

/** "npx reign …" in blocks and in lines, without what is said behind it. */
function commandsIn(text: string): string[] {
  const found = [...text.matchAll(/(?:`|^|\s)npx reign(?: ([^`\n#]*))?/gm)];
  return found.map(([, words = '']) => words.replace(/\s[|>]\s.*$/, '').trim());
}

/** Why the command line would not take it. */
function problemOf(line: string): string | undefined {
  const words = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).filter((word) => word !== '…');
  let command: Command = program;
  while (words[0] !== undefined) {
    const next = command.commands.find((each) => each.name() === words[0]);
    if (next === undefined) break;
    command = next;
    words.shift();
  }
  if (command === program && words.length > 0) return `reign ${line}: there is no such command`;
  const given: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith('-')) {
      given.push(word);
      continue;
    }
    const option = command.options.find(({ long, short }) => long === word || short === word);
    if (option === undefined) return `reign ${line}: there is no ${word}`;
    if (option.required) words.shift();
  }
  const { registeredArguments: wanted } = command;
  const most = wanted.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : wanted.length;
  const least = given.length === 0 ? 0 : wanted.filter(({ required }) => required).length;
  if (given.length > most || given.length < least) return `reign ${line}: ${given.length} arguments`;
  return undefined;
}

function linksIn(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path.join(root, page) : path.resolve(root, path.dirname(page), file);
  if (!existsSync(target)) return false;
  if (anchor === undefined || !target.endsWith('.md')) return true;
  const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return headings.includes(anchor);
}
