import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A place below which control groups with this controller can be made. */
export type Controller = { name: ControllerName; version: 1 | 2; folder: string };
export type ControllerName = 'memory' | 'pids' | 'cpu';

const wanted = ['memory', 'pids', 'cpu'] as const;

/** The controllers that this process may really use: each was tried with a group of its own. `root` is for tests. */
export function findControllers(root = '/'): Controller[] {
  const mounts = readMounts(root);
  const own = readOwnGroups(root);
  const found: Controller[] = [];
  for (const name of wanted) {
    const candidates: Controller[] = [];
    const first = mounts.find((mount) => mount.version === 1 && mount.options.includes(name));
    if (first !== undefined)
      candidates.push({ name, version: 1, folder: within(first, own.get(name) ?? '/', root) });
    const second = mounts.find((mount) => mount.version === 2);
    if (second !== undefined)
      candidates.push({ name, version: 2, folder: within(second, own.get('') ?? '/', root) });
    const usable = candidates.find(works);
    if (usable !== undefined) found.push(usable);
  }
  return found;
}

/** The file that bounds a controller, in both versions. */
export function limitFile(controller: Controller): string {
  if (controller.version === 2) return `${controller.name}.max`;
  if (controller.name === 'memory') return 'memory.limit_in_bytes';
  return controller.name === 'pids' ? 'pids.max' : 'cpu.cfs_quota_us';
}

type Mount = { version: 1 | 2; root: string; point: string; options: string[] };

function readMounts(root: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of readText(join(root, 'proc/self/mountinfo')).split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [kind, , options = ''] = right.split(' ');
    const [, , , mountRoot = '/', point = ''] = left.split(' ');
    if (kind === 'cgroup' || kind === 'cgroup2')
      mounts.push({
        version: kind === 'cgroup' ? 1 : 2,
        root: mountRoot,
        point,
        options: options.split(','),
      });
  }
  return mounts;
}

/** The group of this process by version 1 controller; version 2 has the name ''. */
function readOwnGroups(root: string): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of readText(join(root, 'proc/self/cgroup')).split('\n')) {
    const [, names, ...path] = line.split(':');
    for (const name of names?.split(',') ?? []) groups.set(name, path.join(':'));
  }
  return groups;
}

function within(mount: Mount, group: string, root: string): string {
  const below = mount.root !== '/' && group.startsWith(mount.root) ? group.slice(mount.root.length) : group;
  return join(root, mount.point, below);
}

function works(controller: Controller): boolean {
  const folder = join(controller.folder, `reign-probe-${process.pid}-${controller.name}`);
  try {
    if (controller.version === 2) enable(controller);
    mkdirSync(folder);
    try {
      writeFileSync(
        join(folder, limitFile(controller)),
        controller.version === 2 ? 'max' : probeValue(controller),
      );
      return true;
    } finally {
      rmdirSync(folder);
    }
  } catch {
    return false;
  }
}

/** Version 2 hands a controller down only when told to; refused while processes sit in the group itself. */
function enable(controller: Controller): void {
  const file = join(controller.folder, 'cgroup.subtree_control');
  if (readFileSync(file, 'utf8').split(/\s/).includes(controller.name)) return;
  writeFileSync(file, `+${controller.name}`);
}

function probeValue(controller: Controller): string {
  return controller.name === 'memory' ? String(1024 ** 3) : controller.name === 'pids' ? '100' : '-1';
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
