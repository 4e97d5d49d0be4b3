import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events } from '../../src/tools/docker/events.ts';
import { exec } from '../../src/tools/docker/exec.ts';
import { inspect } from '../../src/tools/docker/inspect.ts';
import { pull } from '../../src/tools/docker/pull.ts';
import { type DockerBed, missingForBed, openDockerBed, shellImage } from './support/docker-bed.ts';
import { faultOf, inputFor } from './support/writer.ts';

const missing = missingForBed();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/docker-inside.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('inside of containers, and what happens to them', () => {
  let bed: DockerBed;
  let registry: ChildProcess;
  const read = { approved: undefined, idempotencyKey: 'read' };

  beforeAll(async () => {
    bed = await openDockerBed();
    const options = { name: 'web', Image: shellImage, Env: ['PASSWORD=hunter2'], StopSignal: 'SIGKILL' };
    await (await bed.docker.createContainer(options)).start();
    const pid = readFileSync(join(bed.engine.folder, 'pid'), 'utf8').trim();
    const script = join(import.meta.dirname, 'support/registry.mjs');
    const args = [`--net=/proc/${pid}/ns/net`, process.execPath, script, '5000'];
    registry = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(registry.stdout as NodeJS.ReadableStream, 'data');
  }, 60_000);
  afterAll(async () => {
    registry?.kill();
    await bed?.close();
  }, 60_000);

  test('runs a command with its arguments as they are, and shows what it says', async () => {
    const request = { name: 'web', command: "printf '%s|' 'a b' $HOME" };
    const done = await bed.carryOut(exec, request, 'e1');
    expect(done.output).toEqual({ exitCode: 0, text: 'a b|$HOME|', truncated: false });
    expect(done.approved).toMatchObject({
      kind: 'described',
      summary: "runs printf '%s|' 'a b' '$HOME' in web",
    });
    expect(exec.assess(done.input)).toMatchObject({ effect: 'run-code', objects: 1 });
    expect(await exec.landed(done.input, bed.writer, done.context)).toBe('unclear');
  }, 30_000);

  test('a command that fails says so with its output, and one in another run is not approved', async () => {
    const input = await inputFor(
      exec,
      { name: 'web', command: "sh -c 'echo to no avail; exit 3'" },
      bed.writer,
    );
    const context = { approved: await exec.preview(input, bed.writer), idempotencyKey: 'e2' };
    const fault = await faultOf(bed.execute(exec, input, context));
    expect(fault).toMatchObject({
      code: 'unhealthy',
      message: expect.stringMatching(/exit code 3[\s\S]*to no avail/),
    });
    await bed.docker.getContainer('web').restart({ t: 0 });
    expect((await faultOf(bed.execute(exec, input, context))).code).toBe('world-changed');
    const piped = await inputFor(exec, { name: 'web', command: 'ls | cat' }, bed.writer);
    expect((await exec.preview(piped, bed.writer)).warnings).toHaveLength(1);
    expect(await exec.resolve({ name: 'web' }, bed.writer)).toMatchObject({ question: { field: 'command' } });
    expect(await exec.resolve({ name: 'web', command: 'echo "' }, bed.writer)).toMatchObject({
      kind: 'impossible',
    });
    await bed.docker.createContainer({ name: 'asleep', Image: shellImage });
    expect(await exec.resolve({ name: 'asleep', command: 'ls' }, bed.writer)).toMatchObject({
      kind: 'impossible',
    });
  }, 30_000);

  test('shows how a container is set up, and no value of its variables', async () => {
    const input = await inputFor(inspect, { name: 'web' }, bed.writer);
    const { facts } = await inspect.execute(input, bed.writer, read);
    const shown = new Map(facts);
    expect(shown.get('Variables')).toContain('PASSWORD');
    expect(shown.get('State')).toContain('runs since');
    expect(JSON.stringify(facts)).not.toContain('hunter2');
    expect(await inspect.resolve({ name: 'zzzzzz' }, bed.writer)).toMatchObject({ kind: 'impossible' });
  });

  test('shows what happened, without the commands that ran', async () => {
    await bed.writer.sleep(1000);
    const input = await inputFor(events, { since: '10m' }, bed.writer);
    const output = await events.execute(input, bed.writer, read);
    const said = output.events.map(({ thing, what }) => `${thing}: ${what}`);
    expect(said).toContain('container web: start');
    expect(said).toContain('container web: exec_create');
    expect(said.join()).not.toContain('avail');
    const one = await events.execute(
      await inputFor(events, { name: 'asleep' }, bed.writer),
      bed.writer,
      read,
    );
    expect(one.events.map(({ what }) => what)).toEqual(['create']);
    expect(await events.resolve({ since: 'soon' }, bed.writer)).toMatchObject({ kind: 'impossible' });
  }, 30_000);

  test('an image is pulled, and one that is not there is told by name', async () => {
    const image = '127.0.0.1:5000/lab/tiny:1';
    const done = await bed.carryOut(pull, { image }, 'p1');
    expect(done.output).toMatchObject({ image, fresh: true });
    expect(await pull.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await pull.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'healthy' });
    expect((await faultOf(bed.execute(pull, done.input, done.context))).code).toBe('world-changed');
    expect((await bed.carryOut(pull, { image }, 'p2')).output).toMatchObject({ fresh: false });
    const input = await inputFor(pull, { image: '127.0.0.1:5000/lab/absent:1' }, bed.writer);
    const context = { approved: await pull.preview(input, bed.writer), idempotencyKey: 'p3' };
    expect((await faultOf(bed.execute(pull, input, context))).message).toContain('absent');
    expect(await pull.landed(input, bed.writer, context)).toBe('no');
    expect(await pull.verify(input, bed.writer, context)).toMatchObject({ state: 'failed' });
    expect(await pull.resolve({}, bed.writer)).toMatchObject({ question: { field: 'image' } });
  }, 30_000);
});
