import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/domain/json.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Sandbox, StepPhase, StepSession } from '../../src/domain/ports/sandbox.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { install } from '../../src/tools/helm/install.ts';
import { hasBubblewrap } from '../sandbox/support/engine.ts';
import { type HelmBed, missingHelm, startHelmBed } from './support/helm-bed.ts';

/** The built step in the real sandbox: helm finds its way to the cluster from in there, and only there. */
const missing = missingHelm();
if (missing !== undefined) console.warn(`NOT TESTED: helm inside of the sandbox, because ${missing}`);
const possible = missing === undefined && hasBubblewrap();

let bed: HelmBed;
let sandbox: Sandbox;
let session: StepSession;
const workRoot = mkdtempSync(join(tmpdir(), 'reign-helm-sandbox-'));

beforeAll(async () => {
  bed = await startHelmBed();
  if (!possible) return;
  const root = resolve(import.meta.dirname, '../..');
  sandbox = await createSandbox({
    stepHost: join(root, 'dist/step-host.js'),
    codeFolders: [join(root, 'dist'), join(root, 'node_modules')],
    ...{ workRoot: join(workRoot, 'work'), environments: bed.environments, credentials: bed.credentials },
    ...{ redact: (text) => text, httpAllow: [], logger: silentLogger, poolSize: 0, isolation: 'required' },
  });
  session = await sandbox.open({ planId: 'plan', profile: 'tool' });
});
afterAll(async () => {
  await session?.close();
  await sandbox?.close();
  await bed.close();
  rmSync(workRoot, { recursive: true, force: true });
});

async function call(phase: StepPhase, args: { [name: string]: Json }): Promise<Json> {
  const writes = phase === 'execute' || phase === 'restore';
  const gate = async () => ({ ok: true as const });
  const write = writes ? { write: { rules: install.egress(args['input'] as never), gate } } : {};
  const reply = await session.call(
    { operation: 'helm.install', phase, args },
    {
      grant: {
        connections: bed.environments.flatMap(({ connections }) => connections.map(({ id }) => id)),
        ...write,
      },
      deadline: new Date(Date.now() + 30_000),
      ...{ memoryMb: install.limits.memoryMb, stop: install.stop },
    },
  );
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return reply.value;
}

describe.skipIf(!possible)('helm in the sandbox', () => {
  test('resolves, previews, installs, checks and undoes', async () => {
    const resolved = (await call('resolve', { request: { chart: 'web', release: 'boxed' } })) as {
      input: Json;
    };
    const { input } = resolved;
    const approved = await call('preview', { input });
    const undo = await call('capture', { input });
    const context = { input, approved, idempotencyKey: 'key' };
    expect(await call('execute', context)).toMatchObject({ revision: 1, status: 'deployed' });
    expect(await call('verify', context)).toMatchObject({ state: 'healthy' });
    await call('restore', { input, undo });
    expect(await call('verify-restored', { input, undo })).toMatchObject({ state: 'healthy' });
  });
});
