import { expect, it } from 'vitest';
import { fault } from '../domain/fault.ts';
import type { CallOptions, Sandbox, StepReply, StepSession } from '../domain/ports/sandbox.ts';
import { withSessionCache } from './session-cache.ts';

type Opened = StepSession & { die(): void; closed(): boolean };

function sandboxOf(reply: StepReply) {
  const opened: Opened[] = [];
  const open = async (): Promise<StepSession> => {
    let ended = false;
    let closed = false;
    opened.push({
      call: async () =>
        ended ? { ok: false, fault: fault('refused', 'This step process has ended.') } : reply,
      ended: () => ended,
      close: async () => {
        closed = true;
      },
      die: () => {
        ended = true;
      },
      closed: () => closed,
    });
    return opened.at(-1) as StepSession;
  };
  const sandbox = withSessionCache({ open, close: async () => undefined } as unknown as Sandbox);
  return { sandbox, opened };
}

const options = {} as CallOptions;
const call = { operation: 'kubernetes.scale', phase: 'verify', args: null } as const;
const plan = { planId: 'p-1', profile: 'tool' } as const;
const ok: StepReply = { ok: true, value: 1 };

it('keeps a process for its plan, and for no other', async () => {
  const { sandbox, opened } = sandboxOf(ok);
  const first = await sandbox.open(plan);
  await first.call(call, options);
  await first.close();
  await sandbox.open(plan);
  expect(opened).toHaveLength(1);
  await sandbox.open({ ...plan, planId: 'p-2' });
  expect(opened).toHaveLength(2);
});

it('goes on in another process where one ended after it answered, as when its worker slept past a deadline', async () => {
  const { sandbox, opened } = sandboxOf(ok);
  const session = await sandbox.open(plan);
  await session.call(call, options);
  opened[0]?.die();
  expect(await session.call(call, options)).toEqual(ok);
  expect(opened.map((each) => each.closed())).toEqual([true, false]);
  opened[1]?.die();
  await session.close();
  expect(opened.map((each) => each.closed())).toEqual([true, true]);
  expect(await (await sandbox.open(plan)).call(call, options)).toEqual(ok);
});

it('goes on in another process where a kept one ended while nobody used it', async () => {
  const { sandbox, opened } = sandboxOf(ok);
  await (await sandbox.open(plan)).close();
  opened[0]?.die();
  expect(await (await sandbox.open(plan)).call(call, options)).toEqual(ok);
  expect(opened).toHaveLength(2);
});

it('keeps no process after a fault that may have ended it', async () => {
  const { sandbox, opened } = sandboxOf({ ok: false, fault: fault('timeout', 'late') });
  const session = await sandbox.open(plan);
  await session.call(call, options);
  await session.close();
  expect(opened[0]?.closed()).toBe(true);
  await sandbox.open(plan);
  expect(opened).toHaveLength(2);
});
