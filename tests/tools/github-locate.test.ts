import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPrs } from '../../src/tools/github/list_prs.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { faultOf, inputFor, type TestWriter, testWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/github-locate.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('which repository is meant', () => {
  let github: TestGithub;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub();
    writer = github.writer();
  });
  afterAll(() => github?.close());

  test.each([
    ['web', 'acme/web', 'staging'],
    ['acme/web', 'acme/web', 'staging'],
    ['ACME/web', 'acme/web', 'staging'],
    ['https://github.com/acme/web', 'acme/web', 'staging'],
    ['git@github.com:acme/web.git', 'acme/web', 'staging'],
    ['live', 'acme/live', 'production'],
    ['github:staging/acme/acme/web', 'acme/web', 'staging'],
  ])('%s is %s in %s', async (repo, name, environment) => {
    const input = await inputFor(listPrs, { repo }, writer);
    expect(`${input.owner}/${input.repo}`).toBe(name);
    expect(input.environment).toBe(environment);
  });

  test('one that no connection holds is refused, with what is held', async () => {
    expect(await listPrs.resolve({ repo: 'octo/tools' }, writer)).toEqual({
      kind: 'impossible',
      reason:
        'octo/tools belongs to no github connection. Configured: acme/* (staging); acme/live (production).',
    });
    expect(await listPrs.resolve({ repo: 'no such name' }, writer)).toMatchObject({ kind: 'impossible' });
  });

  test('a misspelt one and none at all are questions', async () => {
    expect(await listPrs.resolve({ repo: 'acme/wbe' }, writer)).toMatchObject({
      question: { field: 'repo', options: [{ patch: { repo: 'github:staging/acme/acme/web' } }] },
    });
    const asked = await listPrs.resolve({}, writer);
    expect(asked).toMatchObject({ kind: 'question', question: { field: 'repo' } });
  });

  test('a bare name that several owners have is a question', async () => {
    const [staging, production] = writer.environments;
    if (!staging || !production) throw new Error('no environments');
    const connection = { ...production.connections[0], holds: ['octo/*', 'acme/*'] };
    const both = [staging, { ...production, connections: [connection] }] as typeof writer.environments;
    const wide = testWriter(both, github.proxy.socketPath);
    expect(await listPrs.resolve({ repo: 'web' }, wide)).toMatchObject({
      question: { options: [{ label: 'acme/web (staging)' }, { label: 'acme/web (production)' }] },
    });
  });

  test('without a connection it says what to configure', async () => {
    const none = testWriter([], github.proxy.socketPath);
    expect(await listPrs.resolve({ repo: 'web' }, none)).toMatchObject({ kind: 'impossible' });
  });

  test('a repository made anew under the same name is another one', async () => {
    const input = await inputFor(listPrs, { repo: 'api' }, writer);
    await github.octokit.repos.delete({ owner: 'acme', repo: 'api' });
    await github.octokit.repos.createInOrg({ org: 'acme', name: 'api' });
    const context = { approved: undefined, idempotencyKey: 'r' };
    const fault = await faultOf(listPrs.execute(input, writer, context));
    expect(fault).toMatchObject({ code: 'world-changed' });
  });

  test('what GitHub refuses is said in words', async () => {
    const input = await inputFor(listPrs, { repo: 'web' }, writer);
    const context = { approved: undefined, idempotencyKey: 'r' };
    const answers = [
      [403, { message: 'API rate limit exceeded' }, 'not-allowed'],
      [401, { message: 'Bad credentials' }, 'not-allowed'],
      [301, { message: 'Moved Permanently' }, 'not-found'],
      [503, { message: 'Unicorn' }, 'unreachable'],
    ] as const;
    const answer = github.proxy.answer;
    for (const [status, body, code] of answers) {
      github.proxy.answer = ({ path }) => (path.includes('/pulls') ? { status, body } : undefined);
      expect((await faultOf(listPrs.execute(input, writer, context))).code).toBe(code);
    }
    github.proxy.answer = answer;
  });
});
