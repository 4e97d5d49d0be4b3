import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { comment } from '../../src/tools/github/comment.ts';
import { commit } from '../../src/tools/github/commit.ts';
import { compare } from '../../src/tools/github/compare.ts';
import { createBranch } from '../../src/tools/github/create_branch.ts';
import { listReleases } from '../../src/tools/github/list_releases.ts';
import { protectBranch } from '../../src/tools/github/protect_branch.ts';
import { reviews } from '../../src/tools/github/reviews.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/github-branches.test.ts: ${missing}.`);

const place = { owner: 'acme', repo: 'web' };
const reading = { approved: undefined, idempotencyKey: 'r' };
const undoOf = (operation: { undo: unknown }) =>
  operation.undo as UndoContract<unknown, unknown> & { kind: 'reversible' };

describe.skipIf(missing !== undefined)('branches and comments on GitHub', () => {
  let github: TestGithub;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub();
    writer = github.writer();
  });
  afterAll(() => github?.close());

  describe('create_branch', () => {
    test('makes one at a commit; undo deletes it, twice the same', async () => {
      const input = await inputFor(createBranch, { repo: 'web', branch: 'feature/a', from: 'main' }, writer);
      const approved = await createBranch.preview(input, writer);
      expect(canonicalJson(await createBranch.preview(input, writer))).toBe(canonicalJson(approved));
      const captured = await undoOf(createBranch).capture(input, writer);
      const context = { approved, idempotencyKey: 'b-1' };
      expect(await createBranch.landed(input, writer, context)).toBe('no');
      const make = () => createBranch.execute(input, writer, context);
      expect(await github.writes(createBranch, input, make)).toEqual(['POST /repos/acme/web/git/refs']);
      expect(await createBranch.landed(input, writer, context)).toBe('yes');
      expect(await createBranch.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect(await faultOf(make())).toMatchObject({ code: 'world-changed' });
      const restore = () => undoOf(createBranch).restore(input, captured, writer);
      expect(await github.writes(createBranch, input, restore)).toEqual([
        'DELETE /repos/acme/web/git/refs/heads/feature/a',
      ]);
      expect(await github.writes(createBranch, input, restore)).toEqual([]);
      expect(await undoOf(createBranch).verifyRestored(input, captured, writer)).toMatchObject({
        state: 'healthy',
      });
      expect(await createBranch.verify(input, writer, context)).toMatchObject({ state: 'failed' });
    });

    test('undo leaves a branch that somebody has committed to', async () => {
      const done = await carryOut(createBranch, { repo: 'web', branch: 'used' }, writer, 'b-2');
      await github.change('web', 'used', { 'u.txt': 'u\n' }, 'used');
      const fault = await faultOf(undoOf(createBranch).restore(done.input, done.undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed' });
      expect(await createBranch.landed(done.input, writer, done.context)).toBe('unclear');
    });

    test('names that exist, that git refuses, and starts that are missing', async () => {
      expect(await createBranch.resolve({ repo: 'web' }, writer)).toMatchObject({
        question: { field: 'branch' },
      });
      for (const request of [{ branch: 'main' }, { branch: 'a..b' }, { branch: 'c', from: 'nowhere' }])
        expect(await createBranch.resolve({ repo: 'web', ...request }, writer)).toMatchObject({
          kind: 'impossible',
        });
      expect(await createBranch.resolve({ repo: 'empty', branch: 'x' }, writer)).toMatchObject({
        kind: 'impossible',
      });
    });
  });

  describe('commit', () => {
    const textAt = async (path: string, ref: string) => {
      const answer = await github.octokit.repos.getContent({ ...place, path, ref }).catch(() => undefined);
      const content = answer && 'content' in answer.data ? answer.data.content : undefined;
      return content === undefined ? undefined : Buffer.from(content, 'base64').toString('utf8');
    };

    test('several files go into one commit; undo puts all back in another, twice the same', async () => {
      await github.change('web', 'work', { 'old.txt': 'old\n', 'gone.txt': 'gone\n' });
      const files = [
        { path: 'old.txt', content: 'new\n' },
        { path: 'docs/more.txt', content: 'more\n' },
        { path: 'gone.txt', content: null },
      ];
      const input = await inputFor(commit, { repo: 'web', branch: 'work', files }, writer);
      expect(input.message).toBe('Change 3 files');
      const approved = await commit.preview(input, writer);
      expect(canonicalJson(await commit.preview(input, writer))).toBe(canonicalJson(approved));
      expect(approved).toMatchObject({
        before: { 'old.txt': 'old\n', 'docs/more.txt': null, 'gone.txt': 'gone\n' },
        after: { 'old.txt': 'new\n', 'docs/more.txt': 'more\n', 'gone.txt': null },
      });
      const captured = await undoOf(commit).capture(input, writer);
      const context = { approved, idempotencyKey: 'k-1' };
      expect(await commit.landed(input, writer, context)).toBe('no');
      const make = () => commit.execute(input, writer, context);
      expect(await github.writes(commit, input, make)).toEqual([
        'POST /repos/acme/web/git/trees',
        'POST /repos/acme/web/git/commits',
        'PATCH /repos/acme/web/git/refs/heads/work',
      ]);
      expect(await github.writes(commit, input, make)).toEqual([]);
      expect(await commit.landed(input, writer, context)).toBe('yes');
      expect(await commit.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect(await textAt('gone.txt', 'work')).toBeUndefined();
      const restore = () => undoOf(commit).restore(input, captured, writer);
      expect(await github.writes(commit, input, restore)).toHaveLength(3);
      expect(await github.writes(commit, input, restore)).toEqual([]);
      expect(await textAt('gone.txt', 'work')).toBe('gone\n');
      expect(await textAt('old.txt', 'work')).toBe('old\n');
      expect(await textAt('docs/more.txt', 'work')).toBeUndefined();
      expect(await undoOf(commit).verifyRestored(input, captured, writer)).toMatchObject({
        state: 'healthy',
      });
      expect(await commit.verify(input, writer, context)).toMatchObject({ state: 'failed' });
    });

    test('a branch that moved on is refused, also in the last moment', async () => {
      const asked = { repo: 'web', branch: 'work', path: 'a.txt', content: 'a\n' };
      const input = await inputFor(commit, asked, writer);
      const approved = await commit.preview(input, writer);
      const context = { approved, idempotencyKey: 'k-2' };
      github.proxy.beforePass = async ({ method }) => {
        if (method !== 'PATCH') return;
        github.proxy.beforePass = undefined;
        await github.change('web', 'work', { 'b.txt': 'b\n' }, 'work');
      };
      expect(await faultOf(commit.execute(input, writer, context))).toMatchObject({ code: 'world-changed' });
      expect(await faultOf(commit.execute(input, writer, context))).toMatchObject({ code: 'world-changed' });
      expect(await commit.landed(input, writer, context)).toBe('unclear');
      expect(await textAt('a.txt', 'work')).toBeUndefined();
    });

    test('undo leaves a file that somebody has changed since', async () => {
      const asked = { repo: 'web', branch: 'work', path: 'c.txt', content: 'c\n' };
      const done = await carryOut(commit, asked, writer, 'k-3');
      await github.change('web', 'work', { 'c.txt': 'mine\n' }, 'work');
      const fault = await faultOf(undoOf(commit).restore(done.input, done.undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('c.txt') });
    });

    test('straight to the default branch is a warning; what is missing is asked, nonsense refused', async () => {
      const file = { path: 'x.txt', content: 'x\n' };
      const input = await inputFor(commit, { repo: 'live', branch: 'main', ...file }, writer);
      expect(await commit.preview(input, writer)).toMatchObject({
        warnings: ['It goes to main without a pull request.'],
        raises: [{ level: 'high' }],
      });
      const asks = async (request: object) => {
        const resolution = await commit.resolve({ repo: 'web', ...request }, writer);
        return resolution.kind === 'question' ? resolution.question.field : resolution.kind;
      };
      expect(await asks({})).toBe('path');
      expect(await asks({ path: 'x.txt' })).toBe('content');
      expect(await asks(file)).toBe('branch');
      expect(await asks({ ...file, branch: 'wrok' })).toBe('branch');
      expect(await asks({ ...file, path: '../x', branch: 'work' })).toBe('impossible');
      expect(await asks({ path: 'b.txt', content: 'b\n', branch: 'work' })).toBe('impossible');
      expect(await asks({ files: [{ path: 'no.txt', content: null }], branch: 'work' })).toBe('impossible');
      expect(await asks({ files: [file, file], branch: 'work' })).toBe('impossible');
    });
  });

  describe('protect_branch', () => {
    const branch = 'guarded';

    test('protects a branch, asks for more, and puts back what there was, twice the same', async () => {
      await github.change('web', branch, { 'g.txt': 'g\n' });
      const first = await carryOut(protectBranch, { repo: 'web', branch }, writer, 'p-1');
      expect(first.approved).toMatchObject({ before: null, summary: 'unprotected → 1 approval' });
      const input = await inputFor(protectBranch, { repo: 'web', branch, approvals: 2 }, writer);
      const approved = await protectBranch.preview(input, writer);
      expect(canonicalJson(await protectBranch.preview(input, writer))).toBe(canonicalJson(approved));
      const captured = await undoOf(protectBranch).capture(input, writer);
      const context = { approved, idempotencyKey: 'p-2' };
      expect(await protectBranch.landed(input, writer, context)).toBe('no');
      const sent = await github.writes(protectBranch, input, () =>
        protectBranch.execute(input, writer, context),
      );
      expect(sent).toEqual([expect.stringMatching(/^PATCH .*required_pull_request_reviews$/)]);
      expect(await protectBranch.landed(input, writer, context)).toBe('yes');
      expect(await protectBranch.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect(await protectBranch.resolve({ repo: 'web', branch }, writer)).toMatchObject({
        kind: 'impossible',
      });
      const stale = await faultOf(undoOf(protectBranch).restore(first.input, first.undo, writer));
      expect(stale).toMatchObject({ code: 'world-changed', message: expect.stringContaining('approvals') });
      for (const [operation, undo, writes] of [
        [input, captured, 1],
        [first.input, first.undo, 1],
      ] as const) {
        const restore = () => undoOf(protectBranch).restore(operation, undo, writer);
        expect(await github.writes(protectBranch, operation, restore)).toHaveLength(writes);
        expect(await github.writes(protectBranch, operation, restore)).toEqual([]);
        expect(await undoOf(protectBranch).verifyRestored(operation, undo, writer)).toMatchObject({
          state: 'healthy',
        });
      }
      expect(await protectBranch.verify(first.input, writer, first.context)).toMatchObject({
        state: 'failed',
      });
    });

    test('what somebody changed since is refused; what is not there is asked about', async () => {
      const input = await inputFor(protectBranch, { repo: 'web', branch }, writer);
      const approved = await protectBranch.preview(input, writer);
      await carryOut(protectBranch, { repo: 'web', branch, approvals: 3 }, writer, 'p-3');
      const fault = await faultOf(protectBranch.execute(input, writer, { approved, idempotencyKey: 'p-4' }));
      expect(fault).toMatchObject({ code: 'world-changed' });
      expect(await protectBranch.resolve({ repo: 'web', branch: 'none' }, writer)).toMatchObject({
        question: { field: 'branch' },
      });
      expect(await protectBranch.resolve({ repo: 'web', approvals: 9 }, writer)).toMatchObject({
        kind: 'impossible',
      });
    });
  });

  describe('comment', () => {
    test('is written once for a key; undo deletes it, twice the same', async () => {
      const { data: issue } = await github.octokit.issues.create({ ...place, title: 'Slow' });
      const input = await inputFor(comment, { repo: 'web', number: issue.number, body: 'On it.' }, writer);
      const approved = await comment.preview(input, writer);
      expect(canonicalJson(await comment.preview(input, writer))).toBe(canonicalJson(approved));
      const captured = await undoOf(comment).capture(input, writer);
      const context = { approved, idempotencyKey: 'c-1' };
      expect(await comment.landed(input, writer, context)).toBe('no');
      const make = () => comment.execute(input, writer, context);
      expect(await github.writes(comment, input, make)).toHaveLength(1);
      expect(await github.writes(comment, input, make)).toEqual([]);
      expect(await comment.landed(input, writer, context)).toBe('yes');
      expect(await comment.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      const restore = () => undoOf(comment).restore(input, captured, writer);
      expect(await github.writes(comment, input, restore)).toHaveLength(1);
      expect(await github.writes(comment, input, restore)).toEqual([]);
      expect(await undoOf(comment).verifyRestored(input, captured, writer)).toMatchObject({
        state: 'healthy',
      });
      expect(await comment.verify(input, writer, context)).toMatchObject({ state: 'failed' });
    });

    test('undo leaves one that was edited; an issue that was locked since is refused', async () => {
      const { data: issue } = await github.octokit.issues.create({ ...place, title: 'Loud' });
      const done = await carryOut(
        comment,
        { repo: 'web', number: issue.number, body: 'First.' },
        writer,
        'c-2',
      );
      const { data } = await github.octokit.issues.listComments({ ...place, issue_number: issue.number });
      const [written] = data;
      await github.octokit.issues.updateComment({
        ...place,
        comment_id: written?.id ?? 0,
        body: `Better. ${written?.body?.split('\n').at(-1)}`,
      });
      const fault = await faultOf(undoOf(comment).restore(done.input, done.undo, writer));
      expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('edited') });
      const input = await inputFor(comment, { repo: 'web', number: issue.number, body: 'Late.' }, writer);
      const approved = await comment.preview(input, writer);
      await github.octokit.issues.lock({ ...place, issue_number: issue.number, lock_reason: 'resolved' });
      const late = await faultOf(comment.execute(input, writer, { approved, idempotencyKey: 'c-3' }));
      expect(late).toMatchObject({ code: 'world-changed' });
      expect(await comment.resolve({ repo: 'web', number: issue.number, body: 'x' }, writer)).toMatchObject({
        kind: 'impossible',
      });
      expect(await comment.resolve({ repo: 'web', number: 9999, body: 'x' }, writer)).toMatchObject({
        kind: 'impossible',
      });
      expect(await comment.resolve({ repo: 'web' }, writer)).toMatchObject({ question: { field: 'number' } });
    });
  });

  describe('reads', () => {
    test('reviews and checks of a pull request', async () => {
      await github.change('web', 'topic', { 't.txt': 't\n' });
      const { data: pull } = await github.octokit.pulls.create({
        ...place,
        head: 'topic',
        base: 'main',
        title: 'Topic',
      });
      const pull_number = pull.number;
      await github.other.pulls.createReview({ ...place, pull_number, event: 'REQUEST_CHANGES', body: 'no' });
      const input = await inputFor(reviews, { repo: 'web', number: pull_number }, writer);
      const output = await reviews.execute(input, writer, reading);
      expect(output).toMatchObject({ state: 'open', approvals: [], blockers: [] });
      expect(output.warnings).toContain('bob asked for changes.');
      expect(reviews.render(output, input)).toMatchObject({
        lines: expect.arrayContaining(['It can be merged.']),
      });
      expect(await reviews.resolve({ repo: 'web' }, writer)).toMatchObject({
        question: { options: [{ patch: { number: pull_number } }] },
      });
    });

    test('releases, and what is new since the last one', async () => {
      const none = await inputFor(listReleases, { repo: 'api' }, writer);
      expect(listReleases.render(await listReleases.execute(none, writer, reading), none).kind).toBe('text');
      expect(await compare.resolve({ repo: 'api' }, writer)).toMatchObject({ question: { field: 'base' } });
      await github.octokit.repos.createRelease({ ...place, tag_name: 'v1.0.0-rc.1', prerelease: true });
      const input = await inputFor(listReleases, { repo: 'web' }, writer);
      expect((await listReleases.execute(input, writer, reading)).releases).toMatchObject([
        { tag: 'v1.0.0-rc.1', kind: 'pre-release', author: 'ann' },
      ]);
    });

    test('commits and files between two branches', async () => {
      const input = await inputFor(compare, { repo: 'web', head: 'topic' }, writer);
      expect(input).toMatchObject({ base: 'main', head: 'topic' });
      const output = await compare.execute(input, writer, reading);
      expect(output).toMatchObject({ ahead: 1, files: ['t.txt (added, +1 −0)'] });
      expect(compare.render(output, input)).toMatchObject({
        note: 'topic is 1 commit ahead of main, 0 behind.',
      });
      expect(await compare.resolve({ repo: 'web', base: 'none', head: 'topic' }, writer)).toMatchObject({
        kind: 'impossible',
      });
    });
  });
});
