import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { createIssue } from '../../src/tools/github/create_issue.ts';
import { createRelease } from '../../src/tools/github/create_release.ts';
import { createRepo } from '../../src/tools/github/create_repo.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/github-making.test.ts: ${missing}.`);

const place = { owner: 'acme', repo: 'web' };
const undoOf = (operation: { undo: unknown }) =>
  operation.undo as UndoContract<unknown, unknown> & { kind: 'reversible' };

describe.skipIf(missing !== undefined)('what is made on GitHub', () => {
  let github: TestGithub;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub();
    writer = github.writer();
  });
  afterAll(() => github?.close());

  describe('issues', () => {
    test('one is opened once for a key, verified, and closed by undo, twice the same', async () => {
      const asked = { repo: 'web', title: 'Search finds nothing' };
      const input = await inputFor(createIssue, asked, writer);
      const approved = await createIssue.preview(input, writer);
      expect(canonicalJson(await createIssue.preview(input, writer))).toBe(canonicalJson(approved));
      const undo = await undoOf(createIssue).capture(input, writer);
      const context = { approved, idempotencyKey: 'issue-1' };
      expect(await createIssue.landed(input, writer, context)).toBe('no');
      const make = () => createIssue.execute(input, writer, context);
      expect(await github.writes(createIssue, input, make)).toEqual(['POST /repos/acme/web/issues']);
      expect(await github.writes(createIssue, input, make)).toEqual([]);
      expect(await createIssue.landed(input, writer, context)).toBe('yes');
      expect(await createIssue.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect((await createIssue.preview(input, writer)).warnings).toEqual([
        expect.stringContaining('has the same title'),
      ]);
      const restore = () => undoOf(createIssue).restore(input, undo, writer);
      expect(await github.writes(createIssue, input, restore)).toHaveLength(1);
      expect(await github.writes(createIssue, input, restore)).toEqual([]);
      expect(await undoOf(createIssue).verifyRestored(input, undo, writer)).toMatchObject({
        state: 'healthy',
      });
      expect(await createIssue.verify(input, writer, context)).toMatchObject({ state: 'failed' });
    });

    test('undo leaves one open that others talk in, or that it cannot tell', async () => {
      const done = await carryOut(createIssue, { repo: 'web', title: 'Talk' }, writer, 'issue-2');
      const issue_number = done.output.number;
      await github.other.issues.createComment({ ...place, issue_number, body: 'me too' });
      const used = await faultOf(undoOf(createIssue).restore(done.input, done.undo, writer));
      expect(used).toMatchObject({ code: 'world-changed', message: expect.stringContaining('1 comment') });
      const twin = await carryOut(createIssue, { repo: 'web', title: 'Twin' }, writer, 'issue-3');
      await carryOut(createIssue, { repo: 'web', title: 'Twin' }, writer, 'issue-4');
      const unsure = await faultOf(undoOf(createIssue).restore(twin.input, twin.undo, writer));
      expect(unsure.message).toContain("can't be told");
    });

    test('no title is a question; archived repositories and switched-off issues are refused', async () => {
      expect(await createIssue.resolve({ repo: 'api' }, writer)).toMatchObject({
        question: { field: 'title' },
      });
      const input = await inputFor(createIssue, { repo: 'api', title: 'Late' }, writer);
      const approved = await createIssue.preview(input, writer);
      await github.octokit.repos.update({ owner: 'acme', repo: 'api', has_issues: false });
      const context = { approved, idempotencyKey: 'issue-5' };
      expect(await faultOf(createIssue.execute(input, writer, context))).toMatchObject({
        code: 'world-changed',
      });
      expect(await createIssue.resolve({ repo: 'api', title: 'x' }, writer)).toMatchObject({
        kind: 'impossible',
      });
      await github.octokit.repos.update({ owner: 'acme', repo: 'api', archived: true });
      expect(await createIssue.resolve({ repo: 'api', title: 'x' }, writer)).toMatchObject({
        kind: 'impossible',
        reason: expect.stringContaining('archived'),
      });
    });
  });

  describe('releases', () => {
    test('one is published at a commit, verified, and deleted by undo, twice the same', async () => {
      await github.change('web', 'main', { 'a.txt': 'a\n' });
      const done = await carryOut(createRelease, { repo: 'web', tag: 'v1.2.0' }, writer, 'release-1');
      expect(done.input).toMatchObject({ tag: 'v1.2.0', prerelease: false });
      expect(done.approved.summary).toBe('the first release');
      const sent = github.proxy.passed.findLast(({ method }) => method === 'POST');
      expect(JSON.parse(sent?.body ?? '')).toMatchObject({ target_commitish: done.input.commit });
      expect(await createRelease.landed(done.input, writer, done.context)).toBe('yes');
      expect(await createRelease.verify(done.input, writer, done.context)).toMatchObject({
        state: 'healthy',
      });
      expect(await createRelease.resolve({ repo: 'web', tag: 'v1.2.0' }, writer)).toMatchObject({
        kind: 'impossible',
        reason: expect.stringContaining('exists already'),
      });
      expect(await createRelease.resolve({ repo: 'web' }, writer)).toMatchObject({
        question: {
          options: [{ patch: { tag: 'v1.2.1' } }, { patch: { tag: 'v1.3.0' } }, { patch: { tag: 'v2.0.0' } }],
        },
      });
      const restore = () => undoOf(createRelease).restore(done.input, done.undo, writer);
      expect(await github.writes(createRelease, done.input, restore)).toHaveLength(1);
      expect(await github.writes(createRelease, done.input, restore)).toEqual([]);
      expect(await undoOf(createRelease).verifyRestored(done.input, done.undo, writer)).toMatchObject({
        state: 'healthy',
      });
      expect(await createRelease.verify(done.input, writer, done.context)).toMatchObject({ state: 'failed' });
    });

    test('somebody else’s release is neither written over nor deleted', async () => {
      const input = await inputFor(createRelease, { repo: 'web', tag: 'v2.0.0-rc.1' }, writer);
      expect(input).toMatchObject({ prerelease: true });
      const approved = await createRelease.preview(input, writer);
      expect(canonicalJson(await createRelease.preview(input, writer))).toBe(canonicalJson(approved));
      const undo = await undoOf(createRelease).capture(input, writer);
      await github.other.repos.createRelease({ ...place, tag_name: 'v2.0.0-rc.1', body: 'mine' });
      const context = { approved, idempotencyKey: 'release-2' };
      expect(await faultOf(createRelease.execute(input, writer, context))).toMatchObject({
        code: 'world-changed',
      });
      expect(await createRelease.landed(input, writer, context)).toBe('no');
      const fault = await faultOf(undoOf(createRelease).restore(input, undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed' });
    });

    test('an empty repository and a bad tag are refused', async () => {
      expect(await createRelease.resolve({ repo: 'empty', tag: 'v1' }, writer)).toMatchObject({
        kind: 'impossible',
      });
      expect(await createRelease.resolve({ repo: 'web', tag: 'v1..2' }, writer)).toMatchObject({
        kind: 'impossible',
      });
    });
  });

  describe('repositories', () => {
    test('one is made private where nobody says otherwise, and deleted by undo while it is empty', async () => {
      const done = await carryOut(createRepo, { repo: 'acme/fresh' }, writer, 'repo-1');
      expect(done.input).toMatchObject({ private: true, organisation: true, environment: 'staging' });
      expect(await createRepo.landed(done.input, writer, done.context)).toBe('yes');
      expect(await createRepo.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
      const again = await faultOf(createRepo.execute(done.input, writer, done.context));
      expect(again).toMatchObject({ code: 'world-changed' });
      const restore = () => undoOf(createRepo).restore(done.input, done.undo, writer);
      expect(await github.writes(createRepo, done.input, restore)).toEqual(['DELETE /repos/acme/fresh']);
      expect(await github.writes(createRepo, done.input, restore)).toEqual([]);
      expect(await undoOf(createRepo).verifyRestored(done.input, done.undo, writer)).toMatchObject({
        state: 'healthy',
      });
      expect(await createRepo.verify(done.input, writer, done.context)).toMatchObject({ state: 'failed' });
      expect(await createRepo.landed(done.input, writer, done.context)).toBe('no');
    });

    test('undo never deletes a repository that somebody uses', async () => {
      const done = await carryOut(createRepo, { repo: 'used', private: false }, writer, 'repo-2');
      expect(done.approved.warnings).toHaveLength(1);
      await github.octokit.issues.create({ owner: 'acme', repo: 'used', title: 'first' });
      const fault = await faultOf(undoOf(createRepo).previewRestore(done.input, done.undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('issues') });
      expect(await faultOf(undoOf(createRepo).restore(done.input, done.undo, writer))).toEqual(fault);
    });

    test('names that exist, that no connection holds, or that are no names are refused', async () => {
      for (const repo of ['web', 'octo/new', 'acme/a b', '..']) {
        expect(await createRepo.resolve({ repo }, writer), repo).toMatchObject({ kind: 'impossible' });
      }
      expect(await createRepo.resolve({}, writer)).toMatchObject({ question: { field: 'repo' } });
    });
  });
});
