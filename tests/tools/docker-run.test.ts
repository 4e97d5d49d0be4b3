import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork } from '../../src/tools/docker/create_network.ts';
import { createVolume } from '../../src/tools/docker/create_volume.ts';
import { images } from '../../src/tools/docker/images.ts';
import { run } from '../../src/tools/docker/run.ts';
import { stats } from '../../src/tools/docker/stats.ts';
import {
  type DockerBed,
  missingForBed,
  openDockerBed,
  sharedFolder,
  shellImage,
} from './support/docker-bed.ts';
import { faultOf, inputFor } from './support/writer.ts';

const missing = missingForBed();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/docker-run.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('making things', () => {
  let bed: DockerBed;
  beforeAll(async () => {
    bed = await openDockerBed();
  }, 60_000);
  afterAll(() => bed?.close(), 60_000);
  const read = { approved: undefined, idempotencyKey: 'read' };

  test('a network is made once, and undo removes it while nobody uses it', async () => {
    const done = await bed.carryOut(createNetwork, { name: 'shop' }, 'n1');
    const { input, context } = done;
    expect(done.approved).toMatchObject({ kind: 'computed', summary: 'makes the bridge network shop' });
    expect(await createNetwork.landed(input, bed.writer, context)).toBe('yes');
    expect(await createNetwork.verify(input, bed.writer, context)).toMatchObject({ state: 'healthy' });
    await bed.execute(createNetwork, input, context);
    expect((await bed.docker.listNetworks()).filter(({ Name }) => Name === 'shop')).toHaveLength(1);
    const other = await faultOf(bed.execute(createNetwork, input, { ...context, idempotencyKey: 'n2' }));
    expect(other.code).toBe('world-changed');
    expect(await createNetwork.landed(input, bed.writer, { ...context, idempotencyKey: 'n2' })).toBe(
      'unclear',
    );

    const user = await bed.docker.createContainer({
      name: 'user',
      Image: shellImage,
      HostConfig: { NetworkMode: 'shop' },
    });
    await user.start();
    expect((await faultOf(bed.restore(createNetwork, done))).message).toContain('is used by user');
    await user.remove({ force: true });
    if (createNetwork.undo.kind !== 'reversible') throw new Error('must be reversible');
    expect(await createNetwork.undo.previewRestore(input, done.undo, bed.writer)).toMatchObject({
      summary: 'removes the network shop in lab',
    });
    await bed.restore(createNetwork, done);
    await bed.restore(createNetwork, done);
    expect(await createNetwork.undo.verifyRestored(input, done.undo, bed.writer)).toMatchObject({
      state: 'healthy',
    });
    expect(await createNetwork.landed(input, bed.writer, context)).toBe('no');
    expect(await createNetwork.verify(input, bed.writer, context)).toMatchObject({ state: 'failed' });
  }, 30_000);

  test('a name that is missing, wrong or taken is asked about or refused', async () => {
    expect(await createVolume.resolve({}, bed.writer)).toMatchObject({
      kind: 'question',
      question: { field: 'name' },
    });
    expect(await createVolume.resolve({ name: '../x' }, bed.writer)).toMatchObject({ kind: 'impossible' });
    expect(await createVolume.resolve({ name: 'x', environment: 'nowhere' }, bed.writer)).toMatchObject({
      kind: 'question',
      question: { field: 'environment' },
    });
    expect(await createNetwork.resolve({ name: 'bridge' }, bed.writer)).toMatchObject({ kind: 'impossible' });
  });

  test('a volume that somebody else made meanwhile is theirs', async () => {
    const input = await inputFor(createVolume, { name: 'ledger' }, bed.writer);
    const approved = await createVolume.preview(input, bed.writer);
    await bed.docker.createVolume({ Name: 'ledger' });
    const context = { approved, idempotencyKey: 'v1' };
    expect((await faultOf(bed.execute(createVolume, input, context))).code).toBe('world-changed');
    expect(await createVolume.landed(input, bed.writer, context)).toBe('unclear');
    expect(await faultOf(createVolume.preview(input, bed.writer))).toMatchObject({ code: 'conflict' });
    const undo = { left: { driver: 'local' } };
    expect((await faultOf(bed.restore(createVolume, { input, undo }))).code).toBe('world-changed');
  });

  test('undo keeps a volume that holds something by now', async () => {
    const done = await bed.carryOut(createVolume, { name: 'state' }, 'v2');
    expect(await createVolume.landed(done.input, bed.writer, done.context)).toBe('yes');
    await bed.docker.run(shellImage, ['sh', '-c', 'echo data > /data/file'], new PassThrough(), {
      HostConfig: { Binds: ['state:/data'], AutoRemove: true },
    });
    expect((await faultOf(bed.restore(createVolume, done))).message).toMatch(/holds .* by now|is used/);
    const empty = await bed.carryOut(createVolume, { name: 'empty' }, 'v3');
    await bed.restore(createVolume, empty);
    await bed.restore(createVolume, empty);
    expect(await createVolume.landed(empty.input, bed.writer, empty.context)).toBe('no');
  }, 30_000);

  test('a container runs with limits, on loopback alone, and undo removes it', async () => {
    await bed.docker.createNetwork({ Name: 'front' });
    const request = {
      ...{ image: shellImage, name: 'web', port: '8080', memory: '64m', cpus: 0.5, network: 'front' },
      ...{ volumes: ['pages:/data'], command: ['sleep', '500'], health: 'true', restart: 'unless-stopped' },
      variables: ['MODE=fast'],
    };
    const done = await bed.carryOut(run, request, 'r1');
    expect(done.approved).toMatchObject({
      after: { memoryMb: 64, cpus: 0.5, restart: 'unless-stopped', networks: ['front'] },
      warnings: ['New volumes are made: pages.'],
      raises: [],
    });
    const info = await bed.docker.getContainer('web').inspect();
    expect(info.HostConfig).toMatchObject({
      ...{ Memory: 64 * 1024 * 1024, NanoCpus: 5e8, PidsLimit: 256, NetworkMode: 'front' },
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
      SecurityOpt: ['no-new-privileges'],
    });
    expect(await run.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await run.verify(done.input, bed.writer, done.context)).toEqual({
      state: 'healthy',
      evidence: 'web runs and is healthy.',
    });
    await bed.execute(run, done.input, done.context);
    expect(run.describe(done.input).byHand).toContain('--name web --memory 64m --cpus 0.5');

    await bed.docker.getContainer('web').update({ RestartPolicy: { Name: 'no' } });
    expect((await faultOf(bed.restore(run, done))).code).toBe('world-changed');
    await bed.docker.getContainer('web').update({ RestartPolicy: { Name: 'unless-stopped' } });
    await bed.restore(run, done);
    await bed.restore(run, done);
    expect(await run.landed(done.input, bed.writer, done.context)).toBe('no');
  }, 60_000);

  test('a folder of the machine that is listed is mounted to read, and said on the card', async () => {
    const request = { image: shellImage, name: 'zones', command: ['sleep', '500'] };
    const writable = { ...request, volumes: [`${sharedFolder}:/zones`] };
    expect(await run.resolve(writable, bed.writer)).toMatchObject({
      reason: expect.stringContaining(`open to containers are: ${sharedFolder}:ro`),
    });
    const done = await bed.carryOut(run, { ...request, volumes: [`${sharedFolder}:/zones:ro`] }, 'f1');
    expect(done.approved).toMatchObject({
      warnings: [],
      raises: [{ reason: `mounts ${sharedFolder} of the machine to read` }],
    });
    const { Mounts } = await bed.docker.getContainer('zones').inspect();
    expect(Mounts).toEqual([expect.objectContaining({ Type: 'bind', Source: sharedFolder, RW: false })]);
    const forged = { ...done.input, name: 'forged', volumes: [{ name: '/etc', path: '/e', readOnly: true }] };
    const context = { approved: await run.preview(forged, bed.writer), idempotencyKey: 'f2' };
    expect(await faultOf(bed.execute(run, forged, context))).toMatchObject({
      message: expect.stringContaining('could reach the host'),
    });
    await bed.restore(run, done);
  }, 30_000);

  test('a lost worker’s container that was not started yet is started by the next try', async () => {
    const input = await inputFor(run, { image: shellImage, name: 'half' }, bed.writer);
    const context = { approved: await run.preview(input, bed.writer), idempotencyKey: 'h1' };
    const labels = { 'reign.dev/step': 'h1' };
    await bed.docker.createContainer({ name: 'half', Image: shellImage, Labels: labels });
    expect(await run.landed(input, bed.writer, context)).toBe('no');
    await bed.execute(run, input, context);
    expect(await run.landed(input, bed.writer, context)).toBe('yes');
    expect((await bed.docker.getContainer('half').inspect()).State.Running).toBe(true);
  }, 30_000);

  test('another image under the same name is not what was approved', async () => {
    const input = await inputFor(run, { image: shellImage, name: 'moved' }, bed.writer);
    const approved = await run.preview(input, bed.writer);
    const shell = await bed.docker.getImage(shellImage).inspect();
    await bed.docker.getImage(bed.engine.image).tag({ repo: 'lab/shell', tag: '1' });
    const fault = await faultOf(bed.execute(run, input, { approved, idempotencyKey: 'm' }));
    expect(fault.code).toBe('world-changed');
    await bed.docker.getImage(shell.Id).tag({ repo: 'lab/shell', tag: '1' });
  });

  test('what cannot start, or does not stay up, fails with words and leaves nothing half made', async () => {
    const input = await inputFor(run, { image: shellImage, name: 'nope', command: ['/missing'] }, bed.writer);
    const context = { approved: await run.preview(input, bed.writer), idempotencyKey: 'x' };
    expect(await faultOf(bed.execute(run, input, context))).toMatchObject({ code: 'unhealthy' });
    expect(await run.landed(input, bed.writer, context)).toBe('no');
    const done = await bed.carryOut(run, { image: shellImage, name: 'ends', command: ['false'] }, 'e1');
    expect(await run.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'failed' });
    const gone = await bed
      .carryOut(run, { image: 'lab/absent:1', name: 'gone' }, 'g')
      .catch((error) => error.fault);
    expect(gone.message).toContain('lab/absent:1');
  }, 30_000);

  test.each([
    [{}, 'question', 'Which image'],
    [{ image: 'Not An Image' }, 'impossible', 'no name of an image'],
    [{ image: shellImage, name: 'half' }, 'impossible', 'already'],
    [{ image: shellImage, port: 'http' }, 'impossible', 'no port'],
    [{ image: shellImage, network: 'host' }, 'impossible', 'network of the host'],
    [{ image: shellImage, network: 'nowhere' }, 'impossible', 'no network nowhere'],
    [{ image: shellImage, volumes: ['/etc:/x'] }, 'impossible', 'folder of the machine'],
    [{ image: shellImage, variables: ['DB_PASSWORD=x'] }, 'impossible', 'looks like a secret'],
    [{ image: shellImage, memory: 'lots' }, 'impossible', 'amount of memory'],
  ])('%j: %s', async (request, kind, words) => {
    const resolution = await run.resolve(request, bed.writer);
    expect(resolution.kind).toBe(kind);
    expect(JSON.stringify(resolution)).toContain(words);
  });

  test('a port beyond loopback raises the risk, and one that is taken is refused', async () => {
    const request = { image: shellImage, name: 'open', port: '0.0.0.0:9000:80' };
    const done = await bed.carryOut(run, request, 'o1');
    expect(done.approved.raises).toEqual([
      { level: 'medium', reason: 'publishes 0.0.0.0:9000→80/tcp beyond this machine' },
    ]);
    const second = await run.resolve({ ...request, name: 'open2' }, bed.writer);
    expect(second).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('open publishes 9000'),
    });
    expect(await inputFor(run, { image: shellImage }, bed.writer)).toMatchObject({ name: 'shell' });
  }, 30_000);

  test('shows images, and what containers use', async () => {
    const listed = await images.execute(await inputFor(images, {}, bed.writer), bed.writer, read);
    expect(listed.images.map(({ image }) => image)).toContain(shellImage);
    expect(images.render(listed, { daemons: [] } as never)).toMatchObject({ kind: 'table' });
    const input = await inputFor(stats, { name: 'half' }, bed.writer);
    const { containers } = await stats.execute(input, bed.writer, read);
    expect(containers).toMatchObject([{ name: 'half', processes: 1 }]);
    expect(containers[0]?.memory).toBeGreaterThan(0);
    const all = await stats.execute(await inputFor(stats, {}, bed.writer), bed.writer, read);
    expect(all.containers.map(({ name }) => name).sort()).toEqual(['half', 'open']);
    expect(await stats.resolve({ name: 'nothing-like-it' }, bed.writer)).toMatchObject({
      kind: 'impossible',
    });
  }, 30_000);
});
