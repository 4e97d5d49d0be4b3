import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import { list } from '../../src/tools/docker/list.ts';
import { logs } from '../../src/tools/docker/logs.ts';
import { restart } from '../../src/tools/docker/restart.ts';
import { stop } from '../../src/tools/docker/stop.ts';
import { type DockerEngine, missingForDocker, startDocker } from './support/docker-engine.ts';
import { type StepProxy, startProxy } from './support/proxy.ts';
import { carryOut, faultOf, hostOf, inputFor, type TestWriter, testWriter } from './support/writer.ts';

const missing = missingForDocker();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/docker.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('docker', () => {
  let engine: DockerEngine;
  let proxy: StepProxy;
  let writer: TestWriter;

  beforeAll(async () => {
    engine = await startDocker();
    const id = 'docker:lab/main';
    const connection = { id, kind: 'docker' as const, environment: 'lab', name: 'main', demo: false };
    const upstreams = { [hostOf(id)]: { url: `unix:${engine.socketPath}` } };
    proxy = await startProxy(join(engine.folder, 'broker.sock'), upstreams);
    writer = testWriter(
      [{ name: 'lab', tier: 'nonproduction', aliases: [], connections: [connection] }],
      proxy.socketPath,
    );
    await start('proxy');
    await start('metrics-db');
  }, 60_000);
  afterAll(async () => {
    await proxy?.close();
    await engine?.close();
  }, 60_000);

  test('lists running containers, and stopped ones when asked', async () => {
    await create('asleep');
    expect(await names({})).toEqual(['metrics-db', 'proxy']);
    expect(await names({ all: true })).toEqual(['asleep', 'metrics-db', 'proxy']);
  });

  test('shows the last log lines', async () => {
    const input = await inputFor(logs, { name: 'proxy', lines: 5 }, writer);
    const output = await logs.execute(input, writer, { approved: undefined, idempotencyKey: 'read' });
    expect(output.lines.join('\n')).toContain('Local:');
  });

  test('restarts a container: another run of it goes on', async () => {
    const before = await startedAt('proxy');
    const input = await inputFor(restart, { name: 'proxy' }, writer);
    const approved = await restart.preview(input, writer);
    expect(canonicalJson(await restart.preview(input, writer))).toBe(canonicalJson(approved));
    const context = { approved, idempotencyKey: 'r' };
    expect(await restart.landed(input, writer, context)).toBe('no');
    await restart.execute(input, writer, context);
    expect(await startedAt('proxy')).not.toBe(before);
    expect(await restart.landed(input, writer, context)).toBe('yes');
    expect(await restart.verify(input, writer, context)).toEqual({
      state: 'healthy',
      evidence: 'proxy runs.',
    });
    const last = proxy.passed.findLast(({ method }) => method === 'POST');
    expect(restart.egress(input)).toEqual([
      { connection: input.connection, method: 'POST', path: last?.path.split('?')[0] },
    ]);
    expect((await faultOf(restart.execute(input, writer, context))).code).toBe('world-changed');
  }, 30_000);

  test('stops a container, and undo starts it again, twice the same', async () => {
    if (stop.undo.kind !== 'reversible') throw new Error('stop must be reversible');
    const { input, undo, context } = await carryOut(stop, { name: 'metrics-db' }, writer, 's');
    expect(await stop.landed(input, writer, context)).toBe('yes');
    expect(await stop.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
    expect(await names({})).not.toContain('metrics-db');
    if (undo === undefined) throw new Error('nothing captured');
    expect((await stop.undo.previewRestore(input, undo, writer)).summary).toBe('starts it again');
    await stop.undo.restore(input, undo, writer);
    await stop.undo.restore(input, undo, writer);
    expect(await stop.undo.verifyRestored(input, undo, writer)).toMatchObject({ state: 'healthy' });
    const posted = proxy.passed.filter(({ path }) => path.endsWith('/start')).map(({ path }) => path);
    expect(stop.egress(input).map(({ path }) => path)).toContain(posted.at(-1));
  }, 30_000);

  test('undo leaves alone what somebody else ran and stopped since', async () => {
    if (stop.undo.kind !== 'reversible') throw new Error('stop must be reversible');
    const { input, undo } = await carryOut(stop, { name: 'metrics-db' }, writer, 's2');
    const container = engine.docker.getContainer(input.id);
    await container.start();
    await container.stop({ t: 1 });
    if (undo === undefined) throw new Error('nothing captured');
    expect((await faultOf(stop.undo.restore(input, undo, writer))).code).toBe('world-changed');
    await container.start();
  }, 30_000);

  test('a container that cannot stay up fails with its exit code', async () => {
    await start('broken', ['--no-such-flag']);
    const input = await inputFor(restart, { name: 'broken' }, writer);
    const context = { approved: await restart.preview(input, writer), idempotencyKey: 'b' };
    await restart.execute(input, writer, context);
    const verdict = await restart.verify(input, writer, context);
    expect(verdict.state).toBe('failed');
    expect(verdict.evidence).toMatch(/broken exited with code 1\..*no-such-flag/s);
  }, 30_000);

  test('a container made anew under the same name is another one', async () => {
    const input = await inputFor(stop, { name: 'broken' }, writer);
    const approved = await stop.preview(input, writer);
    await engine.docker.getContainer(input.id).remove({ force: true });
    await create('broken');
    const fault = await faultOf(stop.execute(input, writer, { approved, idempotencyKey: 'x' }));
    expect(fault).toMatchObject({ code: 'world-changed' });
  });

  test('names: near ones are asked about, missing ones too, unknown ones refused', async () => {
    expect(await stop.resolve({ name: 'metricsdb' }, writer)).toMatchObject({
      kind: 'question',
      question: { options: [{ patch: { name: 'metrics-db' } }] },
    });
    expect(await stop.resolve({}, writer)).toMatchObject({ kind: 'question', question: { field: 'name' } });
    expect(await stop.resolve({ name: 'zzzzzzz' }, writer)).toMatchObject({ kind: 'impossible' });
    const input = await inputFor(stop, { name: 'proxy' }, writer);
    expect(await inputFor(stop, { name: input.id.slice(0, 12) }, writer)).toEqual(input);
    expect(stop.assess(input)).toMatchObject({
      targets: [`docker:${input.daemonId}/container/proxy`],
      environment: 'lab',
    });
  });

  function create(name: string, flags = ['--servedir=/']) {
    return engine.docker.createContainer({
      name,
      Image: engine.image,
      OpenStdin: true,
      Cmd: ['/esbuild', ...flags],
    });
  }

  async function start(name: string, flags?: string[]) {
    await (await create(name, flags)).start();
  }

  async function names(request: { all?: boolean }): Promise<string[]> {
    const input = await inputFor(list, request, writer);
    const output = await list.execute(input, writer, { approved: undefined, idempotencyKey: 'read' });
    return output.containers.map(({ name }) => name).sort();
  }

  async function startedAt(name: string): Promise<string> {
    return (await engine.docker.getContainer(name).inspect()).State.StartedAt;
  }
});
