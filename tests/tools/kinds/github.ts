import { cicd } from '../../../src/tools/cicd/index.ts';
import { github } from '../../../src/tools/github/index.ts';
import { type ActedActions, type ActedRun, actActions } from '../support/github-actions.ts';
import { startGithub, type TestGithub } from '../support/github-engine.ts';
import { openBed } from './bed.ts';
import { startFaultyServer, type Trouble } from './faulty-server.ts';
import type { Table, World } from './table.ts';

export type GithubWorld = World &
  Pick<TestGithub, 'octokit' | 'other' | 'change'> & { actions: ActedActions };

const said = (status: number, message: string): Trouble => ({
  ...{ kind: 'answer', status },
  body: JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest', status: `${status}` }),
});
export const refusals = [
  said(403, 'Resource not accessible by personal access token'),
  said(401, 'Bad credentials'),
];

const place = { owner: 'acme', repo: 'web' };
const web = { repo: 'web' };
const none = { repo: 'zz-none' };
const first = { ...web, number: 1 };
const run = { ...web, run: 1000 };
const topic = ({ change }: GithubWorld) => change('web', 'topic', { 'topic.txt': 'one' });
const pushed = ({ change }: GithubWorld) => change('web', 'topic', { 'more.txt': 'two' }, 'topic');
const pull = async (world: GithubWorld) => {
  await topic(world);
  await world.octokit.pulls.create({ ...place, head: 'topic', base: 'main', title: 'Topic' });
};
const updated = async ({ octokit }: GithubWorld) => {
  const { data } = await octokit.pulls.get({ ...place, pull_number: 1 });
  await octokit.pulls.updateBranch({ ...place, pull_number: 1, expected_head_sha: data.head.sha });
};
const issue = ({ octokit }: GithubWorld) => octokit.issues.create({ ...place, title: 'Talk' });
const acted =
  (more: Partial<ActedRun>) =>
  async ({ actions }: GithubWorld) =>
    actions.add(more);
const changed = (more: Partial<ActedRun>) => async (world: GithubWorld) =>
  Object.assign(world.actions.runs[0] ?? {}, more);
const gate = { id: 7, name: 'staging', mayApprove: true };
const safe = { ...web, branch: 'main' };
/** GitHub itself holds a merge against the rules and checks that the token may not read. */
const rules = /\/protection$|\/rules\/branches\/|\/(check-runs|status)\b/;
/** What no branch leads to is nothing: objects are known by what they hold. */
export const objects = /\/git\/(blobs|trees|commits)$/;

/** The tool of repositories, on the emulator. */
export const githubTable: Table<GithubWorld> = {
  tool: github,
  engine: "the emulate emulator of GitHub, through the real broker; refusals in GitHub's words",
  refusals,
  open,
  cases: {
    'github.list_prs': { request: web, missing: none },
    'github.reviews': { spares: rules, request: first, missing: { ...web, number: 99 }, before: pull },
    'github.list_releases': { request: web, missing: none },
    'github.compare': { request: { ...web, head: 'topic' }, missing: { ...web, head: 'zz' }, before: topic },
    'github.create_repo': {
      request: { repo: 'acme/fresh' },
      missing: { repo: 'zz-nobody/fresh' },
      async meddle({ octokit }) {
        const fresh = { owner: 'acme', repo: 'fresh' };
        await octokit.repos
          .createInOrg({ org: 'acme', name: 'fresh' })
          .catch(() => octokit.issues.create({ ...fresh, title: 'In use' }));
      },
    },
    'github.create_branch': {
      request: { ...web, branch: 'feature/a', from: 'main' },
      missing: { ...web, branch: 'feature/a', from: 'zz-none' },
      meddle: ({ change }) =>
        change('web', 'feature/a', { 'theirs.txt': 'x' }).catch(() =>
          change('web', 'feature/a', { 'theirs.txt': 'x' }, 'feature/a'),
        ),
    },
    'github.commit': {
      request: { ...safe, path: 'a.txt', content: 'hello', message: 'Add a' },
      missing: { ...safe, repo: 'zz-none', path: 'a.txt', content: 'hello', message: 'Add a' },
      meddle: ({ change }) => change('web', 'main', { 'a.txt': 'theirs' }),
      again: objects,
    },
    'github.protect_branch': {
      request: { ...safe, approvals: 1 },
      missing: { ...web, branch: 'zz-none', approvals: 1 },
      meddle: ({ octokit }) =>
        octokit.repos.updateBranchProtection({
          ...{ ...place, branch: 'main', enforce_admins: true, restrictions: null },
          required_status_checks: null,
          required_pull_request_reviews: { required_approving_review_count: 4 },
        }),
    },
    'github.create_pr': {
      request: { ...web, head: 'topic', title: 'Topic' },
      missing: { ...web, head: 'zz-none', title: 'Topic' },
      before: topic,
      async meddle(world) {
        await pushed(world);
        const { data } = await world.octokit.pulls.list(place);
        for (const { number } of data)
          await world.other.pulls.createReview({ ...place, pull_number: number, event: 'APPROVE' });
      },
    },
    'github.merge_pr': {
      spares: rules,
      request: first,
      missing: { ...web, number: 99 },
      before: pull,
      meddle: updated,
    },
    'github.create_issue': {
      request: { ...web, title: 'Late' },
      missing: { ...none, title: 'Late' },
      async meddle({ octokit, other }) {
        const { data } = await octokit.issues.listForRepo(place);
        for (const { number } of data)
          await other.issues.createComment({ ...place, issue_number: number, body: 'I look at it.' });
        if (data.length === 0) await octokit.repos.update({ ...place, has_issues: false });
      },
    },
    'github.comment': {
      request: { ...first, body: 'On it.' },
      missing: { ...web, number: 99, body: 'On it.' },
      before: issue,
      async meddle({ octokit }) {
        const { data } = await octokit.issues.listComments({ ...place, issue_number: 1 });
        for (const { id, body = '' } of data)
          await octokit.issues.updateComment({ ...place, comment_id: id, body: `Theirs: ${body}` });
        if (data.length === 0)
          await octokit.issues.lock({ ...place, issue_number: 1, lock_reason: 'resolved' });
      },
    },
    'github.create_release': {
      spares: rules,
      request: { ...web, tag: 'v1.0.0' },
      missing: { ...none, tag: 'v1.0.0' },
      async meddle({ octokit }) {
        const { data } = await octokit.repos.listReleases(place);
        const [made] = data;
        if (made !== undefined)
          await octokit.repos.updateRelease({ ...place, release_id: made.id, body: 'Written by hand.' });
        else await octokit.repos.createRelease({ ...place, tag_name: 'v1.0.0' });
      },
    },
  },
};

/** The tool of workflows; runs are acted by a double before the emulator. */
export const cicdTable: Table<GithubWorld> = {
  tool: cicd,
  engine: 'the same emulator, with runs, dispatch and gates added by a double',
  refusals,
  open,
  cases: {
    'cicd.generate': { request: { ...web, language: 'node' }, missing: { ...none, language: 'node' } },
    'cicd.status': { request: web, missing: none, before: acted({}) },
    'cicd.start_repo': {
      request: { repo: 'acme/fresh', language: 'node' },
      missing: { repo: 'zz-nobody/fresh', language: 'node' },
      again: objects,
      async meddle({ octokit }) {
        const fresh = { owner: 'acme', repo: 'fresh' };
        await octokit.repos
          .createInOrg({ org: 'acme', name: 'fresh' })
          .catch(() => octokit.issues.create({ ...fresh, title: 'In use' }));
      },
    },
    'cicd.add_workflow': {
      request: { ...web, language: 'node' },
      missing: { ...none, language: 'node' },
      again: objects,
      meddle: ({ change }) =>
        change('web', 'reign/workflow-node', { 'theirs.txt': 'x' }).catch(() =>
          change('web', 'reign/workflow-node', { 'theirs.txt': 'x' }, 'reign/workflow-node'),
        ),
    },
    'cicd.dispatch': {
      // Whose token it is matters only where there is a run.
      spares: /\/user$/,
      request: { ...web, workflow: 'nightly' },
      missing: { ...web, workflow: 'zz-none' },
      meddle: ({ change }) => change('web', 'main', { 'theirs.txt': 'x' }),
    },
    'cicd.rerun': {
      request: run,
      missing: { ...web, run: 7 },
      before: acted({ conclusion: 'failure' }),
      meddle: changed({ run_attempt: 3 }),
    },
    'cicd.cancel': {
      request: run,
      missing: { ...web, run: 7 },
      before: acted({ status: 'in_progress', conclusion: null }),
      meddle: changed({ status: 'completed', conclusion: 'success' }),
    },
    'cicd.approve_deployment': {
      request: run,
      missing: { ...web, run: 7 },
      before: acted({ status: 'waiting', conclusion: null, gates: [gate] }),
      meddle: changed({ gates: [] }),
    },
  },
};

async function open(): Promise<GithubWorld> {
  let actions: ActedActions | undefined;
  const { octokit, other, change, url, close } = await startGithub(async (upstream) => {
    actions = await actActions(upstream);
    return actions;
  });
  if (actions === undefined) throw new Error('no actions');
  const folder = '.github/workflows';
  await change('web', 'main', { [`${folder}/nightly.yml`]: 'name: nightly\non:\n  workflow_dispatch:\n' });
  actions.workflows.push({ id: 2, name: 'nightly', path: `${folder}/nightly.yml`, state: 'active' });
  actions.pace = 5;
  const server = await startFaultyServer(url);
  const bed = await openBed([{ kind: 'github', name: 'acme', server, holds: ['acme/*'] }], { hurry: 50 });
  return {
    ...{ bed, octokit, other, change, actions },
    async close() {
      await bed.close();
      await server.close();
      await close();
    },
  };
}
