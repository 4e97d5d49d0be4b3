import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { FaultError } from '../../domain/fault.ts';

/** Where the code lies inside. */
const codeRoot = '/reign';

export type CodeLayout = {
  /** Pairs of a folder on this machine and its place inside. */
  binds: readonly (readonly [string, string])[];
  /** The entry of a step as seen inside. */
  entry: string;
  /** What a folder of an extension's code is called inside. */
  seenCode(folder: string): string;
};

/** Places the code folders below one root, keeping how they lie to each other so that imports resolve. */
export function layOutCode(
  stepHost: string,
  codeFolders: readonly string[],
  extensionFolders: readonly string[] = [],
): CodeLayout {
  const folders = codeFolders.map((folder) => realpathSync(resolve(folder)));
  const entry = realpathSync(resolve(stepHost));
  const common = commonParent(folders);
  const place = (path: string): string => join(codeRoot, relative(common, path));
  if (!folders.some((folder) => entry.startsWith(folder + sep)))
    throw new FaultError(
      'internal',
      `${stepHost} lies in none of the code folders: ${codeFolders.join(', ')}.`,
    );
  // Beside Reign's code and not below it: an extension resolves no import there.
  const seenCode = (folder: string): string => join('/extensions', basename(folder));
  return {
    binds: [
      ...folders.map((folder) => [folder, place(folder)] as const),
      ...extensionFolders.map((folder) => [realpathSync(folder), seenCode(folder)] as const),
    ],
    entry: place(entry),
    seenCode,
  };
}

/** Arguments that mount the system's programs, libraries and certificates for reading, and nothing else of the host. */
export function systemArguments(): string[] {
  const args = ['--ro-bind', '/usr', '/usr'];
  for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64']) args.push(...asOnHost(path));
  const files = systemFiles.filter((path) => existsSync(path));
  return [...args, ...parentArguments(files), ...files.flatMap((path) => ['--ro-bind-try', path, path])];
}

/** The Node program as seen inside, and the arguments that put it there. */
export function nodeArguments(): { node: string; args: string[] } {
  const node = realpathSync(process.execPath);
  if (node.startsWith('/usr/')) return { node, args: [] };
  const inside = join('/opt/node/bin', basename(node));
  const libraries = node.startsWith('/nix/store/') ? ['--ro-bind', '/nix/store', '/nix/store'] : [];
  return {
    node: inside,
    args: [
      '--dir',
      '/opt',
      '--dir',
      '/opt/node',
      '--dir',
      '/opt/node/bin',
      '--ro-bind',
      node,
      inside,
      ...libraries,
    ],
  };
}

/** `--dir` for every folder above a path: bubblewrap would make them for root alone. */
export function parentArguments(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const above: string[] = [];
    for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) above.unshift(folder);
    for (const folder of above) folders.add(folder);
  }
  return [...folders].flatMap((folder) => ['--dir', folder]);
}

const systemFiles = [
  '/etc/alternatives',
  '/etc/ca-certificates',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/pki/ca-trust/extracted',
  '/etc/pki/tls/certs',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
];

function asOnHost(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink()
    ? ['--symlink', readlinkSync(path), path]
    : ['--ro-bind', path, path];
}

function commonParent(folders: readonly string[]): string {
  let common = dirname(folders[0] ?? '/');
  while (!folders.every((folder) => dirname(folder) === common || folder.startsWith(common + sep)))
    common = dirname(common);
  return common;
}
