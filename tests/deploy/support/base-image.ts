import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const programs = [
  'node',
  'bwrap',
  'prlimit',
  'sh',
  'cat',
  'chown',
  'env',
  'ln',
  'mkdir',
  'touch',
  'sleep',
  'ls',
  'id',
];

/**
 * A root file system like the one that the Dockerfile names, made of this machine's own programs and the libraries
 * that they load: no image can be pulled where there is no registry.
 */
export function makeBase(root: string): void {
  for (const folder of [
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'etc/ssl/certs',
    'tmp',
    'proc',
    'dev',
    'sys',
  ])
    mkdirSync(join(root, folder), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  const files = programs.map((name) => execFileSync('which', [name], { encoding: 'utf8' }).trim());
  for (const file of files)
    copy(realpathSync(file), join(root, 'usr/bin', file.slice(file.lastIndexOf('/') + 1)));
  const loaded = new Set(files.flatMap(librariesOf));
  for (const file of loaded)
    copy(realpathSync(file), join(root, file.startsWith('/usr/') ? file : `/usr${file}`));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(certificates)) copy(certificates, join(root, certificates));
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}

function librariesOf(program: string): string[] {
  const lines = execFileSync('ldd', [realpathSync(program)], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}
