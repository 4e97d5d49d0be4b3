import type { Node } from 'web-tree-sitter';
import type { CommandList, EnvironmentView } from '../../domain/environment.ts';
import { withTree } from './parse-script.ts';
import { literal, walk } from './words.ts';

/** Commands that run what no list can see: other commands, or text as code. They must be allowed by name. */
const hiding = new Set([
  ...['eval', 'source', '.', 'exec', 'command', 'builtin', 'enable', 'hash', 'alias', 'shopt', 'trap'],
  ...['mapfile', 'readarray', 'complete', 'compgen', 'bind', 'coproc', 'time', 'env', 'xargs', 'parallel'],
  ...['sudo', 'su', 'doas', 'pkexec', 'nohup', 'setsid', 'nice', 'ionice', 'timeout', 'stdbuf', 'watch'],
  ...['chroot', 'unshare', 'nsenter', 'busybox', 'script', 'flock', 'strace', 'gdb', 'make', 'ssh'],
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'rbash', 'python', 'python3', 'perl', 'ruby', 'node', 'lua', 'php'],
  ...['awk', 'gawk', 'mawk', 'vi', 'vim', 'ed', 'ex'],
]);
/** Variables that decide which program a name means, or what runs with it. */
const deciding =
  /^(PATH|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|LD_\w+|PYTHON\w*|PERL5?\w*|NODE_\w+)$/;
const systemFolders = /^\/(usr\/(local\/)?)?s?bin\//;

/** The lists that hold for an environment; without one, those of all: nobody knows what the script is for. */
export function listsFor(environments: readonly EnvironmentView[], name: string | undefined): CommandList[] {
  const own = environments.filter((environment) => environment.name === name);
  return (own.length > 0 ? own : environments).flatMap(({ shell = [] }) => shell);
}

/**
 * Why lists of commands refuse a script, in words; undefined when they do not. Every command of it is looked at, also
 * within pipelines, substitutions, functions and here-documents; what cannot be seen is refused. The lists keep from
 * mistakes: what a script may reach is bounded by its sandbox, and people approve it all the same.
 */
export async function refusalOf(script: string, lists: readonly CommandList[]): Promise<string | undefined> {
  const held = lists.filter(({ allow = [], deny = [] }) => allow.length + deny.length > 0);
  if (held.length === 0) return undefined;
  return withTree(script, (root) => {
    if (root.hasError)
      return 'The script is no valid bash, so the lists of commands cannot be applied to it.';
    const nodes = [...walk(root)];
    const assigned = nodes.find(
      (node) =>
        node.type === 'variable_assignment' && deciding.test(node.childForFieldName('name')?.text ?? ''),
    );
    if (assigned)
      return `${clipped(assigned)} decides which programs run; the lists of commands do not let that pass.`;
    for (const node of nodes.filter(({ type }) => type === 'command'))
      for (const list of held) {
        const refusal = judge(node, list);
        if (refusal !== undefined) return refusal;
      }
    return undefined;
  });
}

function judge(command: Node, { allow = [], deny = [] }: CommandList): string | undefined {
  const name = literal(command.childForFieldName('name'));
  if (name === undefined || !/^[\w./+:@%-]+$|^\[$/.test(name))
    return `"${clipped(command)}": the name of a command is computed, so the lists of commands cannot be applied to it.`;
  const words = command.childrenForFieldName('argument').map((each) => literal(each));
  const bare = name.split('/').at(-1) ?? name;
  const denied = deny.find((entry) => isDenied(entry, bare, words));
  if (denied !== undefined) return `"${clipped(command)}": the list of commands denies "${denied}".`;
  // Only a system folder's program is what its name says.
  const known = name.includes('/') && !systemFolders.test(name) ? name : bare;
  if (allow.some((entry) => isAllowed(entry, known, words))) return undefined;
  if (allow.length > 0)
    return `"${clipped(command)}": ${known} is not on the list of commands that are allowed.`;
  if (
    hiding.has(bare) ||
    (bare === 'find' && words.some((word) => word === undefined || /^-(exec|ok)/.test(word)))
  )
    return `"${clipped(command)}": ${bare} runs what the list of denied commands cannot see.`;
  return undefined;
}

/** An entry's further words may stand anywhere behind the name; a word that is computed could be any of them. */
function isDenied(entry: string, name: string, words: readonly (string | undefined)[]): boolean {
  const [first = '', ...rest] = entry.trim().split(/\s+/);
  if (!fits(first, name)) return false;
  let next = 0;
  for (const word of words)
    if (next < rest.length && (word === undefined || fits(rest[next] ?? '', word))) next += 1;
  return next === rest.length || (rest.length > 0 && words.includes(undefined));
}

function isAllowed(entry: string, name: string, words: readonly (string | undefined)[]): boolean {
  const [first = '', ...rest] = entry.trim().split(/\s+/);
  return (
    fits(first, name) &&
    rest.every((wanted, index) => {
      const word = words[index];
      return word !== undefined && fits(wanted, word);
    })
  );
}

/** `*` stands for anything. */
function fits(pattern: string, word: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(word);
}

function clipped({ text }: Node): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
