import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findControllers } from './controllers.ts';
import { countsProcessesByNamespace } from './rlimits.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reign-cgroup-'));
  mkdirSync(join(root, 'proc/self'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const machine = (mounts: string[], groups: string[]): void => {
  writeFileSync(join(root, 'proc/self/mountinfo'), mounts.join('\n'));
  writeFileSync(join(root, 'proc/self/cgroup'), groups.join('\n'));
};

it('finds nothing where no control groups are mounted', () => {
  machine(['20 1 0:1 / /proc rw - proc proc rw'], ['0::/']);
  expect(findControllers(root)).toEqual([]);
});

it('does not claim a group that cannot be made', () => {
  machine(['30 1 0:2 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory'], ['4:memory:/service']);
  expect(findControllers(root)).toEqual([]);
});

it('does not claim a version 2 group that hands nothing down', () => {
  const folder = join(root, 'sys/fs/cgroup/user.slice');
  mkdirSync(join(folder, 'cgroup.subtree_control'), { recursive: true });
  machine(['30 1 0:2 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw'], ['0::/user.slice']);
  expect(findControllers(root)).toEqual([]);
});

it('knows from which kernel on processes are counted for each namespace', () => {
  expect(
    ['5.14.0', '6.1.0-20-amd64', '5.13.9', '4.19.0'].map((kernel) => countsProcessesByNamespace(kernel)),
  ).toEqual([true, true, false, false]);
});
