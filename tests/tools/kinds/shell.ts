import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AnyOperation } from '../../../src/domain/operation.ts';
import { shell } from '../../../src/tools/shell/index.ts';
import { openBed } from './bed.ts';
import { startFaultyPrograms } from './faulty-programs.ts';
import type { Table, World } from './table.ts';
import { type Arrived, outcomeOf } from './trials.ts';

type ShellWorld = World & {
  /** What the script has written down so far. */
  done(): string[];
  change(): void;
  hold(): () => void;
};

/** Scripts with a folder's files, in a work folder of their own; what isolates them is tried in tests/sandbox. */
export const shellTable: Table<ShellWorld> = {
  tool: shell,
  engine: 'the real bash, with files through the real broker',
  refusals: [],
  killed: killedInTheMiddle,
  cases: {
    'shell.run': {
      request: { command: 'sh job.sh', files: 'jobs' },
      missing: { command: 'sh job.sh', files: 'zz-none' },
      traceless: true,
      async meddle({ change }) {
        change();
      },
      without: {
        'no rights': 'What a script may not do, it says itself; what lists refuse: src/tools/shell.',
        'broken answers': 'What a script says is its result, whatever it is.',
      },
    },
  },
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'reign-kinds-'));
    const log = join(folder, 'log');
    const held = join(folder, 'held');
    const script = join(folder, 'jobs/job.sh');
    mkdirSync(join(folder, 'jobs'));
    writeFileSync(
      script,
      `echo begun | tee -a ${log}; while [ -e ${held} ]; do sleep 0.02; done; echo ended | tee -a ${log}\n`,
    );
    const programs = startFaultyPrograms();
    const bed = await openBed([{ kind: 'folder', name: 'jobs', folder: join(folder, 'jobs') }], {
      runs: programs.runs,
      servers: [programs],
    });
    return {
      bed,
      done: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
      change: () => writeFileSync(script, 'echo theirs\n', { flag: 'a' }),
      hold() {
        writeFileSync(held, '');
        return () => rmSync(held);
      },
      async close() {
        await bed.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** Nobody can tell what a script has done: a person is asked, and it is not run again. */
async function killedInTheMiddle(
  fresh: (run: (world: ShellWorld, arrived: Arrived) => Promise<void>) => Promise<void>,
  operation: AnyOperation,
): Promise<void> {
  expect(operation.repeat).toBe('verify-first');
  await fresh(async ({ bed, done, hold }, arrived) => {
    const letGo = hold();
    const running = outcomeOf(bed.call(operation, 'execute', arrived));
    await expect.poll(() => done(), { timeout: 30_000 }).toEqual(['begun']);
    bed.kill();
    expect((await running).fault?.message).toContain('was killed');
    letGo();
    expect(await bed.call(operation, 'landed', arrived)).toBe('unclear');
    expect(done()).toEqual(['begun']);
  });
  await fresh(async ({ bed, done }, arrived) => {
    await bed.call(operation, 'execute', arrived);
    expect(await bed.call(operation, 'landed', arrived)).toBe('unclear');
    expect(done()).toEqual(['begun', 'ended']);
  });
}
