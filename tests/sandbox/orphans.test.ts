import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findControllers } from '../../src/sandbox/limits/controllers.ts';
import { findLimits } from '../../src/sandbox/limits/index.ts';
import { until } from '../support/reign.ts';

const [controller] = findControllers();
if (!controller)
  console.warn('NOT TESTED: groups of killed workers, since no control group can be made here.');

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0).reverse()) step();
});

const lives = (id: number) => existsSync(`/proc/${id}/exe`);

/** A process without a parent that goes by a name, in a group that a process of this id made. */
function orphan(name: string, owner: number): { id: number; group: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'reign-orphan-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const program = path.join(folder, name);
  copyFileSync('/bin/sleep', program);
  const line = `"${program}" 300 >/dev/null 2>&1 & echo $!`;
  const id = Number(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }));
  const group = path.join(controller?.folder ?? '', `reign-step-${owner}-1-${Date.now().toString(36)}`);
  mkdirSync(group);
  writeFileSync(path.join(group, 'cgroup.procs'), String(id));
  cleanUp.push(() => {
    if (lives(id)) process.kill(id, 'SIGKILL');
  });
  return { id, group };
}

it.skipIf(!controller)(
  'ends what a killed worker left half set up, and nothing that is somebody else’s',
  async () => {
    const gone = spawnSync('/bin/true').pid;
    const left = orphan('bwrap', gone);
    const other = orphan('other', gone);
    const living = orphan('bwrap', process.ppid);
    findLimits();
    await until(
      () => !lives(left.id),
      10_000,
      () => 'it still lives',
    );
    expect([lives(other.id), lives(living.id)]).toEqual([true, true]);
    for (const { id } of [other, living]) process.kill(id, 'SIGKILL');
    const groups = [left, other, living].map(({ group }) => group);
    await until(
      () => {
        findLimits();
        return groups.filter((group) => existsSync(group)).length === 1;
      },
      10_000,
      () => 'groups of killed workers are still there',
    );
    // What a living worker has made is that worker's to remove.
    expect(existsSync(living.group)).toBe(true);
    await until(
      async () => {
        rmdirSync(living.group);
        return true;
      },
      10_000,
      () => 'its group is still in use',
    );
  },
);
