import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { remove } from '../../src/tools/docker/remove.ts';
import { restart } from '../../src/tools/docker/restart.ts';
import { stop } from '../../src/tools/docker/stop.ts';
import { type DockerBed, missingForBed, openDockerBed, shellImage } from './support/docker-bed.ts';
import { faultOf, inputFor } from './support/writer.ts';

const missing = missingForBed();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/docker-remove.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('what goes comes back', () => {
  let bed: DockerBed;
  beforeAll(async () => {
    bed = await openDockerBed();
    for (const Name of ['front', 'back']) await bed.docker.createNetwork({ Name });
  }, 60_000);
  afterAll(() => bed?.close(), 60_000);

  async function start(name: string, more: object = {}, host: object = {}) {
    const options = { name, Image: shellImage, ...more, HostConfig: host, StopSignal: 'SIGKILL' };
    await (await bed.docker.createContainer(options)).start();
    return bed.docker.getContainer(name);
  }
  const inspect = (name: string) => bed.docker.getContainer(name).inspect();

  test('a container that runs is asked about, and removed with force; undo makes it anew as it was', async () => {
    const more = {
      ...{
        Env: ['PASSWORD=hunter2'],
        Labels: { team: 'a' },
        Volumes: { '/data': {} },
        Cmd: ['sleep', '300'],
      },
      ...{ Hostname: 'shop', User: '1000', ExposedPorts: { '80/tcp': {} } },
      NetworkingConfig: { EndpointsConfig: { front: { Aliases: ['web.internal'] } } },
    };
    const container = await start('web', more, {
      ...{
        Memory: 1 << 26,
        NetworkMode: 'front',
        RestartPolicy: { Name: 'always' },
        Binds: ['pages:/pages:ro'],
      },
      ...{ PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8081' }] }, CapDrop: ['ALL'] },
    });
    await bed.docker.getNetwork('back').connect({ Container: 'web', EndpointConfig: { Aliases: ['w'] } });
    const before = await inspect('web');
    expect(await remove.resolve({ name: 'web' }, bed.writer)).toMatchObject({
      kind: 'question',
      question: { field: 'force', options: [{ patch: { force: true } }] },
    });

    const done = await bed.carryOut(remove, { name: 'web', force: true }, 'd1');
    expect(done.approved).toMatchObject({ after: null, raises: [{ level: 'high' }] });
    expect(JSON.stringify([done.input, done.approved])).not.toContain('hunter2');
    expect(await remove.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await remove.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'healthy' });

    if (remove.undo.kind !== 'reversible') throw new Error('must be reversible');
    expect(await remove.undo.previewRestore(done.input, done.undo, bed.writer)).toMatchObject({
      summary: 'makes web anew and starts it',
    });
    await bed.restore(remove, done);
    await bed.restore(remove, done);
    expect(await remove.undo.verifyRestored(done.input, done.undo, bed.writer)).toMatchObject({
      state: 'healthy',
    });
    const after = await inspect('web');
    expect(after.Id).not.toBe(before.Id);
    const { Hostname, User, Env, Labels, Cmd } = after.Config;
    expect({ Hostname, User, Env, Labels, Cmd }).toMatchObject({
      ...{ Hostname: 'shop', User: '1000', Labels: { team: 'a' }, Cmd: ['sleep', '300'] },
      Env: expect.arrayContaining(['PASSWORD=hunter2']),
    });
    for (const field of ['Memory', 'RestartPolicy', 'PortBindings', 'CapDrop', 'NetworkMode'] as const)
      expect(after.HostConfig[field]).toEqual(before.HostConfig[field]);
    expect(Object.keys(after.NetworkSettings.Networks).sort()).toEqual(['back', 'front']);
    expect(after.NetworkSettings.Networks['back']?.Aliases).toContain('w');
    expect(after.Mounts.map(({ Name }) => Name).sort()).toEqual(before.Mounts.map(({ Name }) => Name).sort());
    await expect(container.inspect()).resolves.toBeDefined();
  }, 60_000);

  test('a container changed since the approval is not removed', async () => {
    await start('busy');
    const input = await inputFor(remove, { name: 'busy', force: true }, bed.writer);
    const approved = await remove.preview(input, bed.writer);
    await bed.docker.getContainer('busy').update({ Memory: 1 << 26, MemorySwap: -1 });
    const context = { approved, idempotencyKey: 'b' };
    expect((await faultOf(bed.execute(remove, input, context))).message).toContain('setUp');
    expect(await remove.landed(input, bed.writer, context)).toBe('no');
    expect(await remove.verify(input, bed.writer, context)).toMatchObject({ state: 'failed' });
    const restarted = await bed.carryOut(restart, { name: 'busy' }, 'r');
    expect(await restart.landed(restarted.input, bed.writer, restarted.context)).toBe('yes');
  }, 30_000);

  test('undo leaves another container of the name alone', async () => {
    await start('taken');
    const done = await bed.carryOut(remove, { name: 'taken', force: true }, 't');
    await start('taken', { Env: ['OTHER=1'] });
    expect((await faultOf(bed.restore(remove, done))).code).toBe('world-changed');
  }, 30_000);

  test('what reaches its host can be removed, and cannot come back', async () => {
    await start('deep', {}, { Binds: ['/tmp:/host'] });
    await bed.docker.getContainer('deep').stop({ t: 0 });
    const input = await inputFor(remove, { name: 'deep' }, bed.writer);
    expect(input.unrepeatable).toBe('it mounts a folder of the host');
    if (remove.undo.kind !== 'reversible') throw new Error('must be reversible');
    expect(remove.undo.unless?.(input)).toContain('folder of the host');
    const done = await bed.carryOut(remove, { name: 'deep' }, 'deep');
    expect(done.approved.warnings[0]).toContain("can't be made anew");
    expect(remove.egress(done.input)).toHaveLength(1);
    const sharing: object[] = [
      { NetworkMode: 'host' },
      { PidMode: 'host' },
      { CapAdd: ['NET_ADMIN'] },
      { Privileged: true },
    ];
    for (const [index, host] of sharing.entries()) {
      await bed.docker.createContainer({ name: `deep${index}`, Image: shellImage, HostConfig: host });
      expect((await inputFor(remove, { name: `deep${index}` }, bed.writer)).unrepeatable).not.toBeNull();
    }
    expect(await remove.resolve({ name: 'deep' }, bed.writer)).toMatchObject({ kind: 'question' });
    expect(await remove.resolve({ name: 'zzzzzz' }, bed.writer)).toMatchObject({ kind: 'impossible' });
  }, 30_000);

  test('one that the engine takes away when it stops comes back, too', async () => {
    await start('brief', { Env: ['A=1'] }, { AutoRemove: true });
    const done = await bed.carryOut(stop, { name: 'brief' }, 's');
    while (
      await inspect('brief').then(
        () => true,
        () => false,
      )
    )
      await bed.writer.sleep(50);
    expect(done.approved.warnings).toEqual(['The engine removes it when it has stopped (--rm).']);
    expect(await stop.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await stop.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'healthy' });
    if (stop.undo.kind !== 'reversible') throw new Error('must be reversible');
    expect(await stop.undo.previewRestore(done.input, done.undo, bed.writer)).toMatchObject({
      summary: 'makes brief anew and starts it',
    });
    await bed.restore(stop, done);
    await bed.restore(stop, done);
    expect(await stop.undo.verifyRestored(done.input, done.undo, bed.writer)).toMatchObject({
      state: 'healthy',
    });
    expect((await inspect('brief')).Config.Env).toContain('A=1');
  }, 30_000);
});
