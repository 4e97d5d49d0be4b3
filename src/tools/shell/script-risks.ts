import type { Node } from 'web-tree-sitter';
import type { RiskLevel, RiskRaise } from '../../domain/risk.ts';
import { withTree } from './parse-script.ts';
import { literal, walk } from './words.ts';

export type ScriptRisks = { commands: string[]; warnings: string[]; raises: RiskRaise[] };

const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'python', 'python3', 'perl', 'ruby', 'node']);
const networkers = new Set([
  'curl',
  'wget',
  'ssh',
  'scp',
  'rsync',
  'nc',
  'ncat',
  'telnet',
  'ping',
  'dig',
  'ftp',
  'git',
]);
const superusers = new Set(['sudo', 'su', 'doas', 'pkexec']);
const removers = new Set(['rm', 'rmdir', 'shred', 'unlink', 'truncate']);
const wreckers = new Set(['mkfs', 'dd', 'fdisk', 'wipefs', 'shutdown', 'reboot', 'halt']);

/**
 * What stands out in a script, found in its syntax tree. It explains a risk and never lowers one: any script is
 * code that may do anything within its sandbox.
 */
export function scriptRisks(script: string): Promise<ScriptRisks> {
  return withTree(script, (root) => {
    const nodes = [...walk(root)];
    const names = nodes.filter(({ type }) => type === 'command').map(nameOf);
    const commands = [...new Set(names.filter((name): name is string => name !== undefined))];
    return {
      commands: commands.slice(0, 12),
      warnings: warningsOf(nodes, commands),
      raises: raisesOf(nodes, names),
    };
  });
}

/** The command's name when it is written out: not a variable, not a substitution. */
function nameOf(command: Node): string | undefined {
  return literal(command.childForFieldName('name'))?.split('/').at(-1);
}

function warningsOf(nodes: readonly Node[], commands: readonly string[]): string[] {
  const network = commands.filter((name) => networkers.has(name));
  const files = nodes.filter(({ type }) => type === 'file_redirect').flatMap(writtenFile);
  const warnings: string[] = [];
  if (network.length > 0)
    warnings.push(`There is no network in the sandbox: ${network.join(', ')} will fail.`);
  if (files.length > 0) warnings.push(`Writes files: ${[...new Set(files)].slice(0, 8).join(', ')}.`);
  if (nodes.some(({ type }) => type === 'command_substitution' || type === 'process_substitution')) {
    warnings.push('Uses the output of commands as text or names: what runs is known only when it runs.');
  }
  if (nodes.some(({ type }) => type === 'expansion' || type === 'simple_expansion')) {
    warnings.push('Uses variables: their values are known only when it runs.');
  }
  return warnings;
}

function writtenFile(redirect: Node): string[] {
  const writes = redirect.children.some((child) => child !== null && /^(>|>>|>\||&>|&>>)$/.test(child.type));
  const target = redirect.childForFieldName('destination')?.text;
  return writes && target !== undefined && target !== '/dev/null' ? [target] : [];
}

function raisesOf(nodes: readonly Node[], names: readonly (string | undefined)[]): RiskRaise[] {
  const has = (wanted: ReadonlySet<string>) => names.find((name) => name !== undefined && wanted.has(name));
  const found: [RiskLevel, string | undefined][] = [
    [
      'high',
      nodes.some((node) => node.isError || node.isMissing) ? 'parts of it are no valid bash' : undefined,
    ],
    ['critical', nodes.some(pipesIntoShell) ? 'pipes text into a shell or interpreter' : undefined],
    ['critical', wordsFor(has(superusers), 'asks for the rights of another user')],
    ['critical', wordsFor(has(wreckers), 'can destroy a disk or stop a machine')],
    ['high', wordsFor(has(removers), 'removes files')],
    ['high', wordsFor(has(new Set(['eval', 'source', '.', 'exec'])), 'runs text or another file as code')],
    ['high', names.includes(undefined) ? 'the name of a command is computed' : undefined],
  ];
  return found.flatMap(([level, reason]) => (reason === undefined ? [] : [{ level, reason }]));
}

function wordsFor(command: string | undefined, words: string): string | undefined {
  return command === undefined ? undefined : `${words} (${command})`;
}

function pipesIntoShell(node: Node): boolean {
  if (node.type !== 'pipeline') return false;
  return node.namedChildren.slice(1).some((part) => {
    const command = part?.type === 'redirected_statement' ? part.childForFieldName('body') : part;
    return command?.type === 'command' && shells.has(nameOf(command) ?? '');
  });
}
