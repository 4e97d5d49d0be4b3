import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FaultError } from '../../src/domain/fault.ts';
import { type BackendBed, backendKinds, openBackend } from './support/backends.ts';
import { descendants, hasBubblewrap, processesWith } from './support/engine.ts';
import {
  buildDoomed,
  buildTestHost,
  cluster,
  openSandbox,
  resultOf,
  runSnippet,
  type TestBed,
} from './support/sandbox.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await buildTestHost();
});
afterAll(() => bed.remove());

const missing = '/no/such/bwrap';

describe('without bubblewrap', () => {
  it('there is no sandbox where isolation is required, and the words say what to do', async () => {
    const failure: unknown = await openSandbox(bed, {}, { bubblewrap: missing }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FaultError);
    expect((failure as FaultError).fault).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/bwrap.*not installed.*(apt-get install|an image with) bubblewrap/s),
    });
  });

  it('that does not work counts as missing', async () => {
    const broken = openSandbox(bed, {}, { bubblewrap: '/bin/false' });
    await expect(broken).rejects.toThrow(/does not work here/);
  });

  it('steps are plain processes where that is allowed, and the report says so loudly', async () => {
    const sandbox = await openSandbox(bed, {}, { bubblewrap: missing, isolation: 'if-available' });
    const report = sandbox.describe();
    expect(report).toMatchObject({ backend: 'process', isolates: false });
    expect(report.lacks[0]).toMatch(/^NO ISOLATION/);
    await expect(sandbox.open({ planId: 'p-one', profile: 'code' })).rejects.toMatchObject({
      fault: { code: 'refused' },
    });
    process.env.REIGN_PLANTED = 'planted';
    const session = await sandbox.open({ planId: 'p-one', profile: 'tool' });
    const source = `return [process.env.REIGN_PLANTED ?? null, process.cwd() === access.workFolder, access.runProgram === undefined]`;
    expect(await resultOf(session, source)).toEqual([null, true, true]);
    delete process.env.REIGN_PLANTED;
    const grant = { connections: [cluster] };
    const refused = `const { connect } = await load('node:net');
      const { socketPath } = access.connect('${cluster}');
      return new Promise((resolve) => { const s = connect(socketPath, () => s.end('GET /api/../x HTTP/1.1\\r\\nHost: ' + new URL(access.connect('${cluster}').baseUrl).host + '\\r\\n\\r\\n')); s.once('data', (data) => resolve(String(data).slice(0, 12))); });`;
    expect(await resultOf(session, refused, { grant })).toBe('HTTP/1.1 403');
    const mark = randomUUID();
    const brood = `const cp = await load('node:child_process'); cp.spawn('/bin/sh', ['-c', 'while :; do sleep 0.1; : ${mark}; done']); for (;;) {}`;
    const reply = await runSnippet(session, brood, { deadline: new Date(Date.now() + 600) });
    expect(reply).toMatchObject({ ok: false, fault: { code: 'timeout' } });
    await sandbox.close();
    expect(processesWith(mark)).toEqual([]);
    expect(readdirSync(join(bed.folder, 'work'))).toEqual([]);
  });
});

describe.each(backendKinds.filter(({ works }) => works))('backend $name', (kind) => {
  let backend: BackendBed;
  beforeAll(async () => {
    backend = await openBackend(kind, bed);
  });
  afterAll(() => backend?.stop());
  const steps = () =>
    descendants().filter(
      ({ command }) => command.includes(`${bed.codeFolder}/host.mjs`) || /reign\/\S+host\.mjs/.test(command),
    );

  it('closing leaves no process, folder or socket, and opens nothing more', async () => {
    const sandbox = await backend.open();
    expect(sandbox.describe()).toMatchObject({ backend: kind.name, isolates: true });
    const session = await sandbox.open({ planId: 'p-one', profile: 'tool' });
    const running = runSnippet(session, 'await access.sleep(60_000)');
    await delay(50);
    expect(steps()).not.toEqual([]);
    await sandbox.close();
    expect(await running).toMatchObject({ ok: false });
    await vi.waitFor(() => expect(steps()).toEqual([]), 10_000);
    expect(readdirSync(join(bed.folder, 'work'))).toEqual([]);
    await expect(sandbox.open({ planId: 'p-two', profile: 'tool' })).rejects.toMatchObject({
      fault: { code: 'cancelled' },
    });
  });

  it('a child that died while it waited is replaced', async () => {
    const sandbox = await backend.open({ poolSize: 1 });
    const inside = ({ command }: { command: string }) =>
      command.startsWith(process.execPath) && command.endsWith('host.mjs') && !command.includes('pod.mjs');
    await vi.waitFor(() => expect(steps().filter(inside).length).toBeGreaterThanOrEqual(2), 20_000);
    for (const { id } of steps().filter(inside)) process.kill(id, 'SIGKILL');
    await delay(500);
    const session = await sandbox.open({ planId: 'p-one', profile: 'tool' });
    expect(await resultOf(session, 'return 1')).toBe(1);
    await sandbox.close();
  });
});

describe.skipIf(!hasBubblewrap())('with bubblewrap', () => {
  it('nothing of a step outlives a worker that was killed, and the next one tidies up', async () => {
    const entry = await buildDoomed(bed);
    const mark = randomUUID();
    const worker = spawn(process.execPath, [entry, bed.folder, bed.stepHost, bed.codeFolder, mark], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(worker.stdout, 'data');
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(2);
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    for (let wait = 0; processesWith(mark).length > 0 && wait < 50; wait += 1) await delay(20);
    expect(processesWith(mark)).toEqual([]);
    expect(readdirSync(join(bed.folder, 'work')).length).toBeGreaterThan(0);
    const next = await openSandbox(bed, {}, { poolSize: 0 });
    expect(readdirSync(join(bed.folder, 'work'))).toEqual([]);
    await next.close();
  });
});
