import { afterAll, beforeAll, expect, test } from 'vitest';
import { setImage } from '../../src/tools/kubernetes/set_image.ts';
import { startClusters, type TestClusters } from './support/clusters.ts';
import { carryOut } from './support/writer.ts';

let clusters: TestClusters;

// Times on the wire have whole seconds: a run shorter than one has no log lines in the demo cluster.
beforeAll(async () => {
  clusters = await startClusters({ podReadyMs: 1200 });
});
afterAll(() => clusters?.close());

test('a container that crashes is told with its exit code and last lines', async () => {
  const writer = clusters.writer();
  const request = { name: 'worker', namespace: 'payments', tag: '2.0.0-crash', environment: 'staging' };
  const { input, context } = await carryOut(setImage, request, writer, 'image-crash');
  const verdict = await setImage.verify(input, writer, context);
  expect(verdict.state).toBe('failed');
  expect(verdict.evidence).toMatch(/CrashLoopBackOff.*exit code 1/s);
  expect(verdict.evidence).toContain('DATABASE_URL');
}, 60_000);
