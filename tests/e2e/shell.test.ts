import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ChatEntry } from '../../src/domain/chat.ts';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';

// Scripts in the real sandbox: lists of commands, files of a folder, and what they leave behind.

const folder = mkdtempSync(path.join(tmpdir(), 'reign-shell-files-'));
let team: Team;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  mkdirSync(path.join(folder, 'jobs', 'nightly'), { recursive: true });
  mkdirSync(path.join(folder, 'runbooks'));
  writeFileSync(path.join(folder, 'jobs', 'nightly', 'names.txt'), 'beta\nalpha\n');
  writeFileSync(
    path.join(folder, 'runbooks', 'sort-names.yaml'),
    `name: sort-names
summary: Sorts the names.
examples: [sort the names, put the names in order, order names]
parameters: {}
steps:
  - key: sort
    operation: shell.run
    request: { command: "sort names.txt | tee out/sorted.txt; head -c 4 /dev/zero > out/zeros", files: jobs/nightly }
`,
  );
  const shell = `aliases: [stg], shell: { deny: [curl] }, folders: { jobs: ${path.join(folder, 'jobs')} }`;
  const more = `runbooks: { folders: [${path.join(folder, 'runbooks')}] }\nshell: { deny: [shutdown] }\n`;
  team = await startTeam(more, {}, (yaml) => yaml.replace('aliases: [stg]', shell));
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  rmSync(folder, { recursive: true });
});

const refusal = async (text: string) => {
  const { body } = await alice.entryFor(text);
  return body.kind === 'refusal' ? body.text : `${body.kind}: ${JSON.stringify(body)}`;
};

describe('a script', () => {
  it('with a command that a list denies is no plan, whoever would approve it', async () => {
    expect(await refusal('run `echo $(curl x)` in staging')).toMatch(/denies "curl"/);
    expect(await refusal('run `shutdown now` in production')).toMatch(/denies "shutdown"/);
    expect(await refusal('run `curl x`')).toMatch(/denies "curl"/);
  });

  it('that no list refuses needs its approval as before', async () => {
    const plan = await alice.planFor('run `curl x` in production');
    expect(plan).toMatchObject({ state: 'waiting-for-approval', approval: { quorum: 2, notAuthor: true } });
    expect((await alice.planFor('run `uname -a` in staging')).state).toBe('waiting-for-approval');
  });

  it('takes the files of a folder, and what it leaves in out is shown', async () => {
    const { conversation, body } = await alice.entryFor('runbook sort-names');
    if (body.kind !== 'plan') throw new Error(JSON.stringify(body));
    const [step] = body.plan.steps;
    expect(step).toMatchObject({
      environment: 'staging',
      title: expect.stringContaining('staging/jobs/nightly'),
    });
    expect((await alice.decide(body.plan)).status).toBe(200);
    const ended = await alice.until(body.plan.id, ({ state }) => state === 'succeeded' || state === 'failed');
    expect(ended).toMatchObject({ state: 'succeeded' });
    let text = '';
    const shown = async () => {
      const view = await alice.request<{ entries: ChatEntry[] }>('GET', `/conversations/${conversation}`);
      text = JSON.stringify(view.body.entries.filter((entry) => entry.body.kind === 'answer'));
      return text.includes('sorted.txt');
    };
    await until(shown, 10_000, () => `no output: ${text}`);
    expect(text).toContain('out/sorted.txt (11 bytes):\\nalpha\\nbeta');
    expect(text).toContain('out/zeros (4 bytes): no text');
  });

  it('does not run with other files than those that were approved', async () => {
    const { body } = await alice.entryFor('runbook sort-names');
    if (body.kind !== 'plan') throw new Error(JSON.stringify(body));
    writeFileSync(path.join(folder, 'jobs', 'nightly', 'names.txt'), 'gamma\n');
    expect((await bob.decide(body.plan)).status).toBe(200);
    // Where it had to wait for a lock it is shown anew, else it fails; it never runs.
    const ended = await alice.until(
      body.plan.id,
      ({ state, revision }) => state === 'failed' || revision > 1,
    );
    if (ended.revision === 1)
      expect(JSON.stringify(ended)).toContain('files have changed since they were approved');
    expect(ended.state).not.toBe('succeeded');
  });
});
