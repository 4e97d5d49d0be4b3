import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with Reign's package.json, from the source as from the bundle. */
export const packageRoot = findUp(path.dirname(fileURLToPath(import.meta.url)));

/** Of Reign, as package.json says it. */
export const version = (
  JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/** The built step process, the first process of its pod, and the folders it may read. */
export const stepCode = {
  stepHost: path.join(packageRoot, 'dist', 'step-host.js'),
  stepPod: path.join(packageRoot, 'dist', 'step-pod.js'),
  codeFolders: [path.join(packageRoot, 'dist'), path.join(packageRoot, 'node_modules')],
};

function findUp(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('Reign is not complete: no package.json above its code.');
  return findUp(parent);
}
