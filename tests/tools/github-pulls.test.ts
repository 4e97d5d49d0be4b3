import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { UndoContract } from '../../src/domain/operation.ts';
import { createPr } from '../../src/tools/github/create_pr.ts';
import { listPrs } from '../../src/tools/github/list_prs.ts';
import { mergePr } from '../../src/tools/github/merge_pr.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/github-pulls.test.ts: ${missing}.`);

const place = { owner: 'acme', repo: 'web' };
const undoOf = (operation: { undo: unknown }) =>
  operation.undo as UndoContract<unknown, unknown> & { kind: 'reversible' };

describe.skipIf(missing !== undefined)('pull requests', () => {
  let github: TestGithub;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub();
    writer = github.writer();
  });
  afterAll(() => github?.close());

  async function opened(head: string, file = head): Promise<number> {
    await github.change('web', head, { [file]: `${head}\n` });
    const { data } = await github.octokit.pulls.create({ ...place, head, base: 'main', title: `T ${head}` });
    return data.number;
  }

  /** The emulator moves the head of a pull request only this way. */
  async function push(pull_number: number): Promise<void> {
    const { data } = await github.octokit.pulls.get({ ...place, pull_number });
    await github.octokit.pulls.updateBranch({ ...place, pull_number, expected_head_sha: data.head.sha });
  }

  test('a pull request is opened, listed, verified, and closed again by undo, twice the same', async () => {
    await github.change('web', 'feature/search', { 'search.txt': 'find\n' });
    const asked = { repo: 'web', head: 'feature/search' };
    const done = await carryOut(createPr, asked, writer, 'step-1');
    expect(done.input).toMatchObject({ owner: 'acme', base: 'main', title: 'Change search.txt' });
    expect(done.approved).toMatchObject({
      kind: 'computed',
      summary: '1 commit and 1 file from feature/search for main',
      after: { files: ['search.txt (added, +1 −0)'] },
    });
    expect(await createPr.landed(done.input, writer, done.context)).toBe('yes');
    expect(await createPr.landed(done.input, writer, { ...done.context, idempotencyKey: 'x' })).toBe('no');
    expect(await createPr.verify(done.input, writer, done.context)).toMatchObject({ state: 'healthy' });
    // A second try of the same step finds the first one's.
    const again = await github.writes(createPr, done.input, async () =>
      expect(await createPr.execute(done.input, writer, done.context)).toEqual(done.output),
    );
    expect(again).toEqual([]);
    const shown = await inputFor(listPrs, { repo: 'web' }, writer);
    const { pulls } = await listPrs.execute(shown, writer, { approved: undefined, idempotencyKey: 'r' });
    expect(pulls).toMatchObject([{ title: 'Change search.txt', head: 'feature/search', base: 'main' }]);
    const undo = undoOf(createPr);
    expect((await undo.previewRestore(done.input, done.undo, writer)).summary).toMatch(
      /^closes pull request/,
    );
    const restore = () => undo.restore(done.input, done.undo, writer);
    expect(await github.writes(createPr, done.input, restore)).toHaveLength(1);
    expect(await github.writes(createPr, done.input, restore)).toEqual([]);
    expect(await undo.verifyRestored(done.input, done.undo, writer)).toMatchObject({ state: 'healthy' });
    expect(await createPr.verify(done.input, writer, done.context)).toMatchObject({ state: 'failed' });
  });

  test('undo leaves alone what was reviewed or merged since', async () => {
    await github.change('web', 'reviewed', { 'reviewed.txt': '1\n' });
    const done = await carryOut(createPr, { repo: 'web', head: 'reviewed' }, writer, 'step-2');
    const pull_number = done.output.number;
    await github.other.pulls.createReview({ ...place, pull_number, event: 'APPROVE', body: 'ok' });
    const fault = await faultOf(undoOf(createPr).restore(done.input, done.undo, writer));
    expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('1 review') });
    await github.octokit.pulls.merge({ ...place, pull_number, merge_method: 'merge' });
    const merged = await faultOf(undoOf(createPr).restore(done.input, done.undo, writer));
    expect(merged.message).toContain('was merged since');
  });

  test('previews of an unchanged world are equal; a branch that moved on is refused', async () => {
    await github.change('web', 'moving', { 'moving.txt': '1\n' });
    const input = await inputFor(createPr, { repo: 'acme/web', head: 'moving', title: 'Move' }, writer);
    const approved = await createPr.preview(input, writer);
    expect(canonicalJson(await createPr.preview(input, writer))).toBe(canonicalJson(approved));
    await github.change('web', 'moving', { 'moving.txt': '2\n' }, 'moving');
    const before = github.proxy.passed.length;
    const fault = await faultOf(createPr.execute(input, writer, { approved, idempotencyKey: 'm' }));
    expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('head') });
    expect(github.proxy.passed.slice(before).every(({ method }) => method === 'GET')).toBe(true);
  });

  test('what is missing or misspelt is asked about', async () => {
    expect(await createPr.resolve({ repo: 'web' }, writer)).toMatchObject({ question: { field: 'head' } });
    expect(await createPr.resolve({ repo: 'web', head: 'movin' }, writer)).toMatchObject({
      question: { field: 'head', options: [{ patch: { head: 'moving' } }] },
    });
    expect(await createPr.resolve({ repo: 'web', head: 'moving', base: 'mian' }, writer)).toMatchObject({
      question: { field: 'base', options: [{ patch: { base: 'main' } }] },
    });
    expect(await createPr.resolve({ repo: 'web', head: 'main' }, writer)).toMatchObject({
      kind: 'impossible',
    });
    expect(await mergePr.resolve({ repo: 'api' }, writer)).toMatchObject({
      kind: 'impossible',
      reason: 'acme/api has no open pull requests.',
    });
  });

  test('a merge waits for required reviews and checks, then binds to the approved commit', async () => {
    const number = await opened('guarded');
    await github.octokit.repos.updateBranchProtection({
      ...place,
      branch: 'main',
      required_status_checks: { strict: false, contexts: ['ci'] },
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 1 },
      restrictions: null,
    });
    const input = await inputFor(mergePr, { repo: 'web', number, method: 'squash' }, writer);
    const blocked = await faultOf(mergePr.preview(input, writer));
    expect(blocked.code).toBe('conflict');
    expect(blocked.message).toContain('0 of 1 approvals');
    expect(blocked.message).toContain('the required check ci is missing');
    await github.other.pulls.createReview({ ...place, pull_number: number, event: 'APPROVE', body: '' });
    const { data } = await github.octokit.pulls.get({ ...place, pull_number: number });
    const head_sha = data.head.sha;
    await github.octokit.checks.create({
      ...place,
      name: 'ci',
      head_sha,
      status: 'completed',
      conclusion: 'success',
    });
    const approved = await mergePr.preview(input, writer);
    expect(canonicalJson(await mergePr.preview(input, writer))).toBe(canonicalJson(approved));
    expect(approved).toMatchObject({
      before: { approvals: ['bob'], checks: { ci: 'success' } },
      after: { state: 'merged', method: 'squash', files: ['guarded (added, +1 −0)'] },
      fingerprint: { head: head_sha, base: 'main' },
    });
    const context = { approved, idempotencyKey: 'merge-1' };
    expect(await mergePr.landed(input, writer, context)).toBe('no');
    const sentWrites = await github.writes(mergePr, input, async () => {
      const { commit } = await mergePr.execute(input, writer, context);
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
    });
    expect(sentWrites).toEqual([`PUT /repos/acme/web/pulls/${number}/merge`]);
    const sent = github.proxy.passed.findLast(({ method }) => method === 'PUT');
    expect(JSON.parse(sent?.body ?? '')).toEqual({ merge_method: 'squash', sha: head_sha });
    expect(await mergePr.landed(input, writer, context)).toBe('yes');
    expect(await mergePr.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
    expect(await mergePr.resolve({ repo: 'web', number }, writer)).toMatchObject({ kind: 'impossible' });
    await github.octokit.repos.deleteBranchProtection({ ...place, branch: 'main' });
  });

  test('a commit that was pushed after the approval is not merged', async () => {
    const number = await opened('pushed');
    const input = await inputFor(mergePr, { repo: 'web', number }, writer);
    const approved = await mergePr.preview(input, writer);
    await push(number);
    const fault = await faultOf(mergePr.execute(input, writer, { approved, idempotencyKey: 'late' }));
    expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('head') });
  });

  test('a push at the very moment of the merge is refused by GitHub itself', async () => {
    const number = await opened('raced');
    const input = await inputFor(mergePr, { repo: 'web', number }, writer);
    const approved = await mergePr.preview(input, writer);
    github.proxy.beforePass = async ({ method }) => {
      if (method !== 'PUT') return;
      github.proxy.beforePass = undefined;
      await push(number);
    };
    const context = { approved, idempotencyKey: 'race' };
    const fault = await faultOf(mergePr.execute(input, writer, context));
    expect(fault.message).toContain('Head sha is out of date');
    expect(await mergePr.landed(input, writer, context)).toBe('no');
    expect(await mergePr.verify(input, writer, context)).toMatchObject({ state: 'failed' });
  });

  test('what GitHub and its rules say against a merge is told', async () => {
    const number = await opened('told');
    const input = await inputFor(mergePr, { repo: 'web', number }, writer);
    const { data } = await github.octokit.pulls.get({ ...place, pull_number: number });
    const usual = github.proxy.answer;
    const blockers = async (
      pull: object,
      rules: object[] = [],
      protection?: { status: number; body: object },
    ) => {
      github.proxy.answer = (request) => {
        if (request.path.endsWith(`/pulls/${number}`)) return { status: 200, body: { ...data, ...pull } };
        if (request.path.endsWith('/rules/branches/main')) return { status: 200, body: rules };
        if (request.path.endsWith('/protection')) return protection;
        return usual?.(request);
      };
      try {
        return (await faultOf(mergePr.preview(input, writer))).message;
      } catch {
        return (await mergePr.preview(input, writer)).warnings.join();
      } finally {
        github.proxy.answer = usual;
      }
    };
    const two = { type: 'pull_request', parameters: { required_approving_review_count: 2 } };
    const lint = {
      type: 'required_status_checks',
      parameters: { required_status_checks: [{ context: 'lint' }] },
    };
    expect(await blockers({ mergeable: false })).toContain('it conflicts with main');
    expect(await blockers({ mergeable_state: 'behind' })).toContain('up to date with main');
    expect(await blockers({ mergeable_state: 'blocked' })).toContain('a rule of main stands against it');
    expect(await blockers({ draft: true })).toContain('it is a draft');
    expect(await blockers({}, [two, lint])).toContain(
      '0 of 2 approvals that main asks for; the required check lint is missing',
    );
    const hidden = { status: 403, body: { message: 'Resource not accessible by integration' } };
    expect(await blockers({}, [], hidden)).toContain('may not read the rules of main');
  });

  test('a failing check that nobody requires is a warning, and weighs more in production', async () => {
    const live = { owner: 'acme', repo: 'live' };
    const head_sha = await github.change('live', 'risky', { 'risky.txt': '1\n' });
    const { data } = await github.octokit.pulls.create({ ...live, head: 'risky', base: 'main', title: 'R' });
    await github.octokit.checks.create({
      ...live,
      name: 'e2e',
      head_sha,
      status: 'completed',
      conclusion: 'failure',
    });
    const input = await inputFor(mergePr, { repo: 'live', number: data.number }, writer);
    expect(input).toMatchObject({ environment: 'production' });
    const preview = await mergePr.preview(input, writer);
    expect(preview.warnings).toContain('The check e2e is failing.');
    expect(preview.raises).toMatchObject([{ level: 'high' }]);
  });
});
