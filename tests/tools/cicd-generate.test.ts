import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { addWorkflow } from '../../src/tools/cicd/add_workflow.ts';
import { generate } from '../../src/tools/cicd/generate.ts';
import { startRepo } from '../../src/tools/cicd/start_repo.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { carryOut, faultOf, inputFor, type TestWriter, testWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/cicd-generate.test.ts: ${missing}.`);

const place = { owner: 'acme', repo: 'web' };
const path = '.github/workflows/ci.yml';
type Undo = UndoContract<unknown, unknown> & { kind: 'reversible' };
const undo = addWorkflow.undo as Undo;

describe.skipIf(missing !== undefined)('workflows that are written', () => {
  let github: TestGithub;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub();
    writer = github.writer();
    await github.change('web', 'main', { 'package.json': '{}', 'yarn.lock': '', Dockerfile: 'FROM scratch' });
  });
  afterAll(() => github?.close());

  async function shown(request: object, reader = writer) {
    const input = await inputFor(generate, request, reader);
    const output = await generate.execute(input, reader, { approved: undefined, idempotencyKey: 'r' });
    return { input, output, rendered: generate.render(output, input) };
  }

  describe('as text', () => {
    test('need no connection and no repository', async () => {
      const { output, rendered } = await shown({ language: 'golang' }, testWriter([], '/nonexistent'));
      expect(output).toMatchObject({ path, previous: null });
      expect(output.content).toContain('go test');
      expect(rendered).toMatchObject({ kind: 'lines', note: `Save it as ${path}.` });
    });

    test('follow what the repository is built with', async () => {
      const { input, output, rendered } = await shown({ repo: 'web', language: 'node' });
      expect(input.recipe).toMatchObject({ tool: 'yarn', branch: 'main' });
      expect(output.content).toContain('yarn install --immutable');
      expect(rendered).toMatchObject({ note: expect.stringContaining('with a pull request') });
    });

    test('ask for what cannot be told, and refuse what nothing is written for', async () => {
      expect(await generate.resolve({}, writer)).toMatchObject({ question: { field: 'language' } });
      expect(await generate.resolve({ repo: 'web' }, writer)).toMatchObject({
        question: { options: [{ patch: { language: 'node' } }, { patch: { language: 'docker' } }] },
      });
      expect(await generate.resolve({ language: 'cobol' }, writer)).toMatchObject({ kind: 'impossible' });
      expect(await generate.resolve({ language: 'go', repo: 'octo/tools' }, writer)).toMatchObject({
        kind: 'impossible',
      });
      expect(await shown({ repo: 'empty', language: 'java' })).toMatchObject({ output: { path } });
    });
  });

  describe('as a pull request', () => {
    test('one is opened, with the file as approved; undo takes it and its branch away, twice the same', async () => {
      const input = await inputFor(addWorkflow, { repo: 'web', language: 'node' }, writer);
      const approved = await addWorkflow.preview(input, writer);
      expect(canonicalJson(await addWorkflow.preview(input, writer))).toBe(canonicalJson(approved));
      expect(approved).toMatchObject({
        before: { [path]: null },
        after: { [path]: expect.stringContaining('yarn') },
      });
      const captured = await undo.capture(input, writer);
      const context = { approved, idempotencyKey: 'w-1' };
      expect(await addWorkflow.landed(input, writer, context)).toBe('no');
      const make = () => addWorkflow.execute(input, writer, context);
      expect(await github.writes(addWorkflow, input, make)).toEqual([
        'POST /repos/acme/web/git/trees',
        'POST /repos/acme/web/git/commits',
        'POST /repos/acme/web/git/refs',
        'POST /repos/acme/web/pulls',
      ]);
      expect(await github.writes(addWorkflow, input, make)).toEqual([]);
      expect(await addWorkflow.landed(input, writer, context)).toBe('yes');
      expect(await addWorkflow.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      const restore = () => undo.restore(input, captured, writer);
      expect(await github.writes(addWorkflow, input, restore)).toEqual([
        expect.stringMatching(/^PATCH .*\/pulls\/\d+$/),
        'DELETE /repos/acme/web/git/refs/heads/reign/workflow-node',
      ]);
      expect(await github.writes(addWorkflow, input, restore)).toEqual([]);
      expect(await undo.verifyRestored(input, captured, writer)).toMatchObject({ state: 'healthy' });
      expect(await addWorkflow.verify(input, writer, context)).toMatchObject({ state: 'failed' });
    });

    test('what a lost worker has left is gone on from', async () => {
      const input = await inputFor(addWorkflow, { repo: 'web', language: 'docker' }, writer);
      const approved = await addWorkflow.preview(input, writer);
      const context = { approved, idempotencyKey: 'w-2' };
      github.proxy.beforePass = async ({ method, path }) => {
        if (method === 'POST' && path.endsWith('/pulls')) throw new Error('the worker is gone');
      };
      await faultOf(addWorkflow.execute(input, writer, context));
      github.proxy.beforePass = undefined;
      expect(await addWorkflow.landed(input, writer, context)).toBe('unclear');
      const sent = await github.writes(addWorkflow, input, () => addWorkflow.execute(input, writer, context));
      expect(sent).toEqual(['POST /repos/acme/web/pulls']);
    });

    test('a branch that somebody else began is neither used nor deleted', async () => {
      const input = await inputFor(addWorkflow, { repo: 'web', language: 'go' }, writer);
      const approved = await addWorkflow.preview(input, writer);
      await github.change('web', input.head, { 'mine.txt': 'mine\n' });
      const context = { approved, idempotencyKey: 'w-3' };
      expect(await faultOf(addWorkflow.execute(input, writer, context))).toMatchObject({
        code: 'world-changed',
      });
      expect(await faultOf(undo.restore(input, { branch: null }, writer))).toMatchObject({
        code: 'world-changed',
      });
      expect(await inputFor(addWorkflow, { repo: 'web', language: 'go' }, writer)).toMatchObject({
        head: 'reign/workflow-go-2',
      });
    });

    test('once it is merged, undo refuses, and the same is not proposed again', async () => {
      const done = await carryOut(addWorkflow, { repo: 'web', language: 'node' }, writer, 'w-4');
      const pull_number = done.output.number;
      await github.octokit.pulls.merge({ ...place, pull_number, merge_method: 'merge' });
      const fault = await faultOf(undo.restore(done.input, done.undo, writer));
      expect(fault.message).toContain('was merged since');
      expect(await addWorkflow.resolve({ repo: 'web', language: 'node' }, writer)).toMatchObject({
        kind: 'impossible',
        reason: expect.stringContaining('exactly so already'),
      });
      expect((await shown({ repo: 'web', language: 'node' })).rendered).toMatchObject({ kind: 'text' });
      const differs = await shown({ repo: 'web', language: 'python' });
      expect(differs.rendered).toMatchObject({ note: expect.stringContaining('these are the differences') });
      expect(await addWorkflow.resolve({ repo: 'empty', language: 'go' }, writer)).toMatchObject({
        kind: 'impossible',
      });
    });
  });

  describe('a repository that begins with a workflow', () => {
    const undo = startRepo.undo as Undo;
    const asked = { repo: 'acme/begun', language: 'react' };

    test('is made private with its workflow, once, and deleted by undo, twice the same', async () => {
      const input = await inputFor(startRepo, asked, writer);
      const approved = await startRepo.preview(input, writer);
      expect(canonicalJson(await startRepo.preview(input, writer))).toBe(canonicalJson(approved));
      const captured = await undo.capture(input, writer);
      const context = { approved, idempotencyKey: 'begun-1' };
      expect(await startRepo.landed(input, writer, context)).toBe('no');
      const sent = await github.writes(startRepo, input, () => startRepo.execute(input, writer, context));
      expect(sent).toEqual([
        'POST /orgs/acme/repos',
        'POST /repos/acme/begun/git/trees',
        'POST /repos/acme/begun/git/commits',
        'PATCH /repos/acme/begun/git/refs/heads/main',
      ]);
      const made = await github.octokit.repos.get({ owner: 'acme', repo: 'begun' });
      expect(made.data).toMatchObject({ private: true });
      const file = { owner: 'acme', repo: 'begun', path: '.github/workflows/ci.yml' };
      const { data } = await github.octokit.repos.getContent(file);
      const text = Buffer.from((data as { content: string }).content, 'base64').toString();
      expect(approved.after).toMatchObject({ visibility: 'private', [file.path]: text });
      expect(await startRepo.landed(input, writer, context)).toBe('yes');
      expect(await startRepo.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect(await faultOf(startRepo.execute(input, writer, context))).toMatchObject({
        code: 'world-changed',
      });
      const restore = () => undo.restore(input, captured, writer);
      expect(await github.writes(startRepo, input, restore)).toEqual(['DELETE /repos/acme/begun']);
      expect(await github.writes(startRepo, input, restore)).toEqual([]);
      expect(await undo.verifyRestored(input, captured, writer)).toMatchObject({ state: 'healthy' });
    });

    test('one that a lost worker has left without its commit is not taken for done', async () => {
      const input = await inputFor(startRepo, asked, writer);
      const approved = await startRepo.preview(input, writer);
      const context = { approved, idempotencyKey: 'begun-2' };
      github.proxy.beforePass = async ({ method, path }) => {
        if (method === 'POST' && path.endsWith('/git/trees')) throw new Error('the worker is gone');
      };
      await faultOf(startRepo.execute(input, writer, context));
      github.proxy.beforePass = undefined;
      expect(await startRepo.landed(input, writer, context)).toBe('unclear');
      expect(await startRepo.verify(input, writer, context)).toMatchObject({ state: 'failed' });
      const restore = () => undo.restore(input, { at: '2020-01-01T00:00:00.000Z' }, writer);
      expect(await github.writes(startRepo, input, restore)).toEqual(['DELETE /repos/acme/begun']);
    });

    test('undo leaves one with a file of somebody, even below a commit of a step', async () => {
      const done = await carryOut(startRepo, { repo: 'acme/joined', language: 'go' }, writer, 'begun-4');
      const place = { owner: 'acme', repo: 'joined', path: 'mine.txt' };
      const content = Buffer.from('mine').toString('base64');
      const message = 'Mine\n\nReign-Step: another';
      await github.octokit.repos.createOrUpdateFileContents({ ...place, message, content });
      const fault = await faultOf(undo.restore(done.input, done.undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('branches') });
    });

    test('undo leaves one that somebody works in', async () => {
      const done = await carryOut(startRepo, { repo: 'acme/used', language: 'go' }, writer, 'begun-3');
      await github.change('used', 'feature', { 'mine.txt': 'mine\n' });
      const fault = await faultOf(undo.restore(done.input, done.undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('branches') });
    });

    test('a name that exists and a language that nothing is written for are refused, none is asked for', async () => {
      for (const request of [
        { repo: 'acme/web', language: 'go' },
        { repo: 'acme/new', language: 'cobol' },
      ])
        expect(await startRepo.resolve(request, writer)).toMatchObject({ kind: 'impossible' });
      expect(await startRepo.resolve({ repo: 'acme/new' }, writer)).toMatchObject({
        question: { field: 'language' },
      });
    });
  });
});
