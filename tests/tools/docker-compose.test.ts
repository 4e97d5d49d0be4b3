import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeDown } from '../../src/tools/docker/compose_down.ts';
import { composeUp } from '../../src/tools/docker/compose_up.ts';
import { type DockerBed, missingForBed, openDockerBed, shellImage } from './support/docker-bed.ts';
import { faultOf, inputFor } from './support/writer.ts';

const missing = missingForBed();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/docker-compose.test.ts: ${missing}.`);

const shop = (mode: string, more = '') => `
services:
  web:
    image: ${shellImage}
    environment: { MODE: ${mode}, PASSWORD: hunter2 }
    stop_signal: SIGKILL
    depends_on: { db: { condition: service_healthy } }
    networks: { front: , back: { aliases: [page] } }
  db:
    image: ${shellImage}
    stop_signal: SIGKILL
    volumes: ["data:/data"]
    healthcheck: { test: "true", interval: 1s }
    networks: [back]
${more}
networks: { front: , back: }
volumes: { data: }
`;

describe.skipIf(missing !== undefined)('compose', () => {
  let bed: DockerBed;
  beforeAll(async () => {
    bed = await openDockerBed();
    bed.file('shop/compose.yaml', shop('fast'));
    bed.file('evil/compose.yml', `services: { a: { image: "${shellImage}", privileged: true } }`);
  }, 60_000);
  afterAll(() => bed?.close(), 60_000);

  const inspect = (name: string) => bed.docker.getContainer(name).inspect();
  const running = async () =>
    (await bed.docker.listContainers()).map(({ Names }) => Names[0]?.slice(1)).sort();
  const networks = async () =>
    (await bed.docker.listNetworks())
      .map(({ Name }) => Name)
      .filter((name) => name.startsWith('shop'))
      .sort();
  const reversible = (operation: typeof composeUp | typeof composeDown) => {
    if (operation.undo.kind !== 'reversible') throw new Error('must be reversible');
    // biome-ignore lint/suspicious/noExplicitAny: each is given what it captured.
    return operation.undo as any;
  };

  test('brings a project up in its order, once; undo takes it away, twice the same', async () => {
    const done = await bed.carryOut(composeUp, { path: './shop' }, 'u1');
    expect(done.approved).toMatchObject({
      after: {
        containers: { 'shop-db-1': 'make', 'shop-web-1': 'make' },
        networks: ['shop_front', 'shop_back'],
        volumes: ['shop_data'],
      },
    });
    expect(JSON.stringify([done.input, done.approved, done.output])).not.toContain('hunter2');
    expect(bed.reports.join()).toContain('waiting for shop-db-1 to be healthy');
    expect(await composeUp.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await composeUp.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'healthy' });
    const web = await inspect('shop-web-1');
    expect(Object.keys(web.NetworkSettings.Networks).sort()).toEqual(['shop_back', 'shop_front']);
    expect(web.NetworkSettings.Networks['shop_back']?.Aliases).toEqual(
      expect.arrayContaining(['web', 'page']),
    );
    expect(web.Config.Labels).toMatchObject({
      'com.docker.compose.project': 'shop',
      'com.docker.compose.service': 'web',
      'com.docker.compose.container-number': '1',
    });
    const again = await faultOf(bed.execute(composeUp, done.input, done.context));
    expect(again.code).toBe('world-changed');
    const undo = reversible(composeUp);
    expect((await undo.previewRestore(done.input, done.undo, bed.writer)).summary).toBe(
      'remove shop-db-1; remove shop-web-1',
    );
    await bed.restore(composeUp, done);
    await bed.restore(composeUp, done);
    expect([await running(), await networks()]).toEqual([[], []]);
    expect(await undo.verifyRestored(done.input, done.undo, bed.writer)).toMatchObject({ state: 'healthy' });
    // The volume stays, so it is not as before in all.
    expect(await composeUp.landed(done.input, bed.writer, done.context)).toBe('unclear');
    expect(await composeUp.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'failed' });
  }, 60_000);

  test('recreates what the file changed and nothing else; undo brings the old one back', async () => {
    await bed.carryOut(composeUp, { path: 'apps/shop/compose.yaml' }, 'u2');
    const before = [await inspect('shop-db-1'), await inspect('shop-web-1')];
    bed.file('shop/compose.yaml', shop('slow'));
    const done = await bed.carryOut(composeUp, { path: 'shop' }, 'u3');
    expect(done.approved).toMatchObject({
      after: { containers: { 'shop-db-1': 'keep', 'shop-web-1': 'recreate' }, networks: [], volumes: [] },
      raises: [{ level: 'medium', reason: 'interrupts shop-web-1' }],
    });
    expect((await inspect('shop-db-1')).Id).toBe(before[0]?.Id);
    expect((await inspect('shop-web-1')).Config.Env).toContain('MODE=slow');
    await bed.restore(composeUp, done);
    await bed.restore(composeUp, done);
    const back = await inspect('shop-web-1');
    expect(back.Config.Env).toContain('MODE=fast');
    expect(back.Config.Labels).toEqual(before[1]?.Config.Labels);
    expect(await reversible(composeUp).verifyRestored(done.input, done.undo, bed.writer)).toMatchObject({
      state: 'healthy',
    });
    await bed.docker.getContainer('shop-db-1').remove({ force: true });
    await bed.docker.createContainer({ name: 'shop-db-1', Image: shellImage });
    expect((await faultOf(bed.restore(composeUp, done))).code).toBe('world-changed');
    await bed.docker.getContainer('shop-db-1').remove({ force: true });
    bed.file('shop/compose.yaml', shop('fast'));
    await bed.carryOut(composeUp, { path: 'shop' }, 'u4');
  }, 60_000);

  test('a file or a world that changed since the approval is left alone', async () => {
    const input = await inputFor(composeUp, { path: 'shop' }, bed.writer);
    const approved = await composeUp.preview(input, bed.writer);
    bed.file('shop/compose.yaml', shop('other'));
    const context = { approved, idempotencyKey: 'u5' };
    const changed = await faultOf(bed.execute(composeUp, input, context));
    expect(await composeUp.landed(input, bed.writer, context)).toBe('unclear');
    expect(changed).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('compose file'),
    });
    bed.file('shop/compose.yaml', shop('fast', `  extra: { image: "${shellImage}" }`));
    expect((await faultOf(bed.execute(composeUp, input, context))).message).toContain('other services');
    bed.file('shop/compose.yaml', shop('fast'));
    await bed.docker.getContainer('shop-web-1').restart({ t: 0 });
    const moved = await faultOf(bed.execute(composeUp, input, context));
    expect(moved).toMatchObject({ code: 'world-changed', message: expect.stringContaining('What runs') });
  }, 30_000);

  test('takes a project down with its networks, not its volumes; undo makes it anew, twice the same', async () => {
    await bed.docker.getContainer('shop-web-1').stop({ t: 0 });
    const before = await inspect('shop-db-1');
    const done = await bed.carryOut(composeDown, { path: './shop' }, 'd1');
    expect(done.approved).toMatchObject({
      summary: 'removes shop-db-1, shop-web-1 and the networks shop_back, shop_front',
      raises: [{ level: 'high' }],
    });
    expect(composeDown.assess(done.input)).toMatchObject({ effect: 'delete', objects: 2 });
    expect([await running(), await networks()]).toEqual([[], []]);
    expect(await bed.docker.getVolume('shop_data').inspect()).toBeDefined();
    expect(await composeDown.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await composeDown.verify(done.input, bed.writer, done.context)).toMatchObject({
      state: 'healthy',
    });
    expect((await reversible(composeDown).previewRestore(done.input, done.undo, bed.writer)).summary).toBe(
      'makes shop-db-1, shop-web-1 anew',
    );
    await bed.restore(composeDown, done);
    await bed.restore(composeDown, done);
    expect([await running(), await networks()]).toEqual([['shop-db-1'], ['shop_back', 'shop_front']]);
    expect(await reversible(composeDown).verifyRestored(done.input, done.undo, bed.writer)).toMatchObject({
      state: 'healthy',
    });
    const after = await inspect('shop-db-1');
    expect(after.Config.Labels).toEqual(before.Config.Labels);
    expect(await composeDown.landed(done.input, bed.writer, done.context)).toBe('unclear');
    expect(await composeDown.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'failed' });
    const seen = await inputFor(composeUp, { path: 'shop' }, bed.writer);
    expect((await composeUp.preview(seen, bed.writer)).after).toMatchObject({
      containers: { 'shop-db-1': 'keep', 'shop-web-1': 'start' },
    });
  }, 60_000);

  test('a project that changed since the approval is not taken down', async () => {
    const input = await inputFor(composeDown, { path: 'shop' }, bed.writer);
    const approved = await composeDown.preview(input, bed.writer);
    await bed.docker.getContainer('shop-web-1').start();
    const context = { approved, idempotencyKey: 'd2' };
    expect((await faultOf(bed.execute(composeDown, input, context))).code).toBe('world-changed');
    await bed.docker.getContainer('shop-web-1').remove({ force: true });
    expect((await faultOf(bed.execute(composeDown, input, context))).message).toContain('gone or another');
  }, 30_000);

  test('what is missing, unknown or reaches the host is asked about or refused', async () => {
    expect(await composeUp.resolve({ path: 'evil' }, bed.writer)).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('privileged could reach the host'),
    });
    expect(await composeUp.resolve({ path: 'nowhere' }, bed.writer)).toMatchObject({ kind: 'impossible' });
    expect(await composeUp.resolve({}, bed.writer)).toMatchObject({ kind: 'impossible' });
    for (const request of [{}, { path: 'zzz' }, { path: 'evil' }])
      expect(await composeDown.resolve(request, bed.writer)).toMatchObject({
        kind: 'question',
        question: { field: 'path', options: [{ patch: { path: 'shop' } }] },
      });
    await bed.docker.createContainer({ name: 'shop-web-1', Image: shellImage });
    expect(await composeUp.resolve({ path: 'shop' }, bed.writer)).toMatchObject({
      reason: expect.stringContaining('container of somebody else'),
    });
  });
});
