import { execFileSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunProgram } from '../../src/domain/ports/reader.ts';
import { build } from '../../src/tools/docker/build.ts';
import { scan } from '../../src/tools/docker/scan.ts';
import { type DockerBed, missingForBed, openDockerBed, shellImage } from './support/docker-bed.ts';
import { faultOf, inputFor } from './support/writer.ts';

const ended = { exitCode: 0, signal: null, stdout: '', stderr: '', truncated: false };
const missing = missingForBed();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/docker-build.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('images', () => {
  let bed: DockerBed;
  beforeAll(async () => {
    bed = await openDockerBed();
    bed.file(
      'api/Dockerfile',
      `FROM ${shellImage}\nCOPY . /app\nRUN echo built > /app/mark\nCMD ["cat", "/app/mark"]\n`,
    );
    bed.file('api/main.txt', 'one');
    bed.file('api/.dockerignore', 'secret.txt\n');
    bed.file('api/secret.txt', 'hunter2');
    bed.file('broken/Dockerfile.prod', `FROM ${shellImage}\nRUN echo about to fail && false\n`);
    bed.file('modern/Dockerfile', `FROM ${shellImage}\nRUN --mount=type=cache,target=/x true\n`);
  }, 60_000);
  afterAll(() => bed?.close(), 60_000);

  const idOf = (tag: string) =>
    bed.docker
      .getImage(tag)
      .inspect()
      .then(
        ({ Id }) => Id,
        () => undefined,
      );

  test('an image is built from a folder, with progress; undo takes the tag away, twice the same', async () => {
    const done = await bed.carryOut(build, { path: './api', tag: 'corp/api:1' }, 'b1');
    expect(done.approved).toMatchObject({
      after: { tag: 'corp/api:1', from: [shellImage], commands: 1, files: 4 },
      raises: [{ level: 'medium' }],
      warnings: [],
    });
    expect(bed.reports.join('\n')).toContain('Step 3/6 : RUN');
    expect(await build.landed(done.input, bed.writer, done.context)).toBe('yes');
    expect(await build.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'healthy' });
    const [, container] = await bed.docker.run('corp/api:1', ['ls', '/app'], new PassThrough(), {});
    const listed = String(await container.logs({ stdout: true }));
    expect(listed).toContain('main.txt');
    expect(listed).not.toContain('secret.txt');
    await container.remove();
    const before = await idOf('corp/api:1');
    await bed.execute(build, done.input, done.context);
    expect(await idOf('corp/api:1')).toBe(before);
    if (build.undo.kind !== 'reversible') throw new Error('must be reversible');
    expect((await build.undo.previewRestore(done.input, done.undo, bed.writer)).summary).toBe(
      'removes corp/api:1',
    );
    await bed.restore(build, done);
    await bed.restore(build, done);
    expect(await idOf('corp/api:1')).toBeUndefined();
    expect(await build.undo.verifyRestored(done.input, done.undo, bed.writer)).toMatchObject({
      state: 'healthy',
    });
    expect(await build.landed(done.input, bed.writer, done.context)).toBe('no');
    expect(await build.verify(done.input, bed.writer, done.context)).toMatchObject({ state: 'failed' });
  }, 60_000);

  test('a tag that is there moves, and undo moves it back unless somebody else moved it', async () => {
    await bed.docker.getImage(shellImage).tag({ repo: 'corp/api', tag: '2' });
    const before = await idOf('corp/api:2');
    const done = await bed.carryOut(build, { path: 'apps/api', tag: 'corp/api:2' }, 'b2');
    expect(done.approved.summary).toContain('the tag moves');
    expect(await idOf('corp/api:2')).not.toBe(before);
    await bed.restore(build, done);
    expect(await idOf('corp/api:2')).toBe(before);
    await bed.docker.getImage(bed.engine.image).tag({ repo: 'corp/api', tag: '2' });
    expect((await faultOf(bed.restore(build, done))).code).toBe('world-changed');
  }, 60_000);

  test('other content than was approved is not built', async () => {
    const input = await inputFor(build, { path: 'api' }, bed.writer);
    expect(input).toMatchObject({ tag: 'api:latest', replaces: null });
    const approved = await build.preview(input, bed.writer);
    bed.file('api/main.txt', 'two');
    const fault = await faultOf(bed.execute(build, input, { approved, idempotencyKey: 'b3' }));
    expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('other content') });
    expect(await build.landed(input, bed.writer, { approved, idempotencyKey: 'b3' })).toBe('no');
  });

  test('a build that fails says the last lines, and leaves the tag alone', async () => {
    const input = await inputFor(build, { path: 'broken/Dockerfile.prod', tag: 'broken:1' }, bed.writer);
    const context = { approved: await build.preview(input, bed.writer), idempotencyKey: 'b4' };
    const fault = await faultOf(bed.execute(build, input, context));
    expect(fault).toMatchObject({ code: 'unhealthy' });
    expect(fault.message).toMatch(/failed: .*returned a non-zero code: 1[\s\S]*about to fail/);
    expect(await idOf('broken:1')).toBeUndefined();
  }, 30_000);

  test('a scan without a scanner says so; the image that one would look into leaves the engine', async () => {
    const input = await inputFor(scan, { image: shellImage }, bed.writer);
    const read = { approved: undefined, idempotencyKey: 'read' };
    const none: RunProgram = async () => ({ ...ended, exitCode: 127 });
    const without = { ...bed.writer, runProgram: none };
    expect(await faultOf(scan.execute(input, without, read))).toMatchObject({ code: 'unsupported' });
    // Stands for a scanner: the parser has tests of its own.
    const archives: string[] = [];
    const standIn: RunProgram = async (program, args) => {
      if (args[0] === '--version') return { ...ended, exitCode: program === 'grype' ? 0 : 127 };
      archives.push(
        execFileSync('tar', ['-t', '-f', String(args[0]).replace('docker-archive:', '')], {
          encoding: 'utf8',
        }),
      );
      const vulnerability = { id: 'CVE-1', severity: 'High', fix: { versions: ['2'] } };
      const stdout = JSON.stringify({
        matches: [{ vulnerability, artifact: { name: 'busybox', version: '1' } }],
      });
      return { ...ended, exitCode: 0, stdout };
    };
    const output = await scan.execute(input, { ...bed.writer, runProgram: standIn }, read);
    expect(archives.join()).toContain('manifest.json');
    expect(output).toMatchObject({ scanner: 'grype', counts: { high: 1, critical: 0 } });
    expect(scan.render(output, input)).toMatchObject({ note: `${shellImage}: 1 high (grype).` });
    expect(await scan.resolve({ image: 'absent:1' }, bed.writer)).toMatchObject({ kind: 'impossible' });
    expect(await scan.resolve({}, bed.writer)).toMatchObject({ kind: 'question' });
  }, 30_000);

  test.each([
    [{}, 'question', 'Which folder'],
    [{ path: 'nowhere' }, 'impossible', 'no Dockerfile at'],
    [{ path: '/etc' }, 'impossible', 'configured folders'],
    [{ path: '../x' }, 'impossible', 'configured folders'],
    [{ path: 'api', tag: 'NOT OK' }, 'impossible', 'no name of an image'],
    [{ path: 'modern' }, 'impossible', 'BuildKit'],
  ])('%j: %s', async (request, kind, words) => {
    const resolution = await build.resolve(request, bed.writer);
    expect(resolution.kind).toBe(kind);
    expect(JSON.stringify(resolution)).toContain(words);
  });
});
