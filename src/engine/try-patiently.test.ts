import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FaultError } from '../domain/fault.ts';
import { tryPatiently } from './try-patiently.ts';

const stopping = new AbortController();
const engine = { stopping: stopping.signal };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what was found out about the world is told at once', async () => {
  const fault = await tryPatiently(engine, () =>
    Promise.reject(new FaultError('not-found', 'There is none.')),
  );
  expect(fault).toMatchObject({ code: 'not-found', message: 'There is none.' });
});

test("Reign's own trouble is waited out", async () => {
  const work = vi.fn().mockRejectedValueOnce(new Error('lost')).mockRejectedValueOnce(new Error('lost'));
  const found = tryPatiently(engine, work.mockResolvedValue('found'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await found).toBe('found');
  expect(work).toHaveBeenCalledTimes(3);
});

test('after a minute of it people are told', async () => {
  const fault = tryPatiently(engine, () => Promise.reject(new Error('lost')));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await fault).toMatchObject({ code: 'internal' });
});

test('a worker that stops leaves it to another', async () => {
  stopping.abort();
  const gone = new FaultError('cancelled', 'Reign is stopping.');
  await expect(tryPatiently(engine, () => Promise.reject(gone))).rejects.toBe(gone);
});
