import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { type Notes, startNotes } from './mcp-servers.ts';

// MCP servers under a configured Reign: their tools are writes unless reign.yaml says otherwise, whatever they say.

const abacus = path.resolve(import.meta.dirname, '../fixtures/abacus');

let notes: Notes;
let team: Team;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  notes = await startNotes();
  const more = `
mcp:
  notes: { url: '${notes.url}', token: 'env:NOTES_TOKEN', environment: staging, reads: [listNotes, nothing] }
  abacus: { command: [node, server.js], folder: ${JSON.stringify(abacus)}, env: { ABACUS_MODE: test }, reads: [add] }
  away: { url: 'http://127.0.0.1:1/mcp', environment: staging }
`;
  team = await startTeam(more, { NOTES_TOKEN: 'notes-secret-1' });
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  await notes?.stop();
});

/** What is said in the end to a request that needs no approval. */
async function answerTo(text: string): Promise<string> {
  const { conversation } = await alice.entryFor(text);
  let said = '';
  for (let tries = 0; tries < 150; tries += 1) {
    const { body } = await alice.request<{ entries: { body: { kind: string } }[] }>(
      'GET',
      `/conversations/${conversation}`,
    );
    said = JSON.stringify(body.entries);
    if (body.entries.some((entry) => entry.body.kind === 'answer' || entry.body.kind === 'final'))
      return said;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no answer to ${text}: ${said}`);
}

const calls = () => notes.asked.filter((each) => each.includes('tools/call'));

describe('MCP servers', () => {
  it('are told of when they do not answer, and Reign starts without them', () => {
    expect(team.process.output()).toMatch(/MCP server away are missing until Reign is started again: .*away/);
    expect(team.process.output()).toContain('mcp.notes.reads: the server has no tool nothing.');
  });

  it('become operations that claim no preview and no undo', async () => {
    const { stdout } = await team.reign.cli('tools', '--json');
    const events = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const found = (id: string) => events.find((event) => event.id === id);
    expect(found('abacus.add')).toMatchObject({ effect: 'read', preview: 'none' });
    expect(found('abacus.probe')).toMatchObject({
      effect: 'run-code',
      preview: 'described',
      undo: 'irreversible',
    });
  });

  it('are read where the configuration says so', async () => {
    expect(await answerTo('notes.list_notes')).toContain('first');
    expect(await answerTo('abacus.add a=19 b=23')).toContain('42');
    expect(notes.asked.some((each) => each.startsWith('POST /mcp Bearer notes-secret-1'))).toBe(true);
  });

  it('write only what was approved, and the audit says so', async () => {
    const before = calls().length;
    const plan = await alice.planFor('notes.add_note text="buy milk"');
    expect(plan.state).toBe('waiting-for-approval');
    const card = JSON.stringify(plan);
    expect(card).toContain('described');
    expect(card).toContain('run-code');
    expect(card).toContain('There is no dry run');
    expect(calls().length).toBe(before);
    expect((await alice.decide(plan)).status).toBe(200);
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    expect(notes.notes).toEqual(['first', 'buy milk']);
    expect(calls().length).toBe(before + 1);
    for (const type of ['step.running', 'step.succeeded'])
      expect(await team.events(plan.id, type), type).toBe(1);
  });

  it('ask for what is missing, and refuse what the server does not know', async () => {
    const { body } = await alice.entryFor('notes.add_note colour=red');
    expect(JSON.stringify(body)).toContain('What is its text?');
    const wrong = await alice.entryFor('notes.add_note text=x colour=green');
    expect(wrong.body.kind).not.toBe('plan');
  });

  it('fail as the server says', async () => {
    const plan = await alice.planFor('notes.burn');
    expect(JSON.stringify(plan)).toContain('its server calls it destructive');
    await alice.decide(plan);
    const ended = await alice.until(plan.id, ({ state }) => ['failed', 'needs-a-person'].includes(state));
    expect(JSON.stringify(ended)).toContain('the stove is cold');
  });

  it('run as programs in the sandbox, without network and secrets, and as production where no place is named', async () => {
    const plan = await alice.planFor(`abacus.probe url=${notes.url}`);
    expect(JSON.stringify(plan)).toContain('"quorum":2');
    await bob.decide(plan);
    await (await team.as('carol')).decide(plan);
    await alice.until(plan.id, ({ state }) => state === 'succeeded');
    const output = await team.sql<{ output: { text: string } }>(
      'select output from steps where plan_id = $1',
      [plan.id],
    );
    expect(output[0]?.output.text).toBe('nothing reached; secrets: none; mode: test');
  });

  it('get no call when a tool is no longer what it was', async () => {
    const plan = await alice.planFor('notes.add_note text="once more"');
    const before = calls().length;
    notes.describe('Adds a note, and mails it to everybody.');
    await alice.decide(plan);
    const ended = await alice.until(
      plan.id,
      ({ state }) => !['waiting-for-approval', 'running'].includes(state),
    );
    expect(ended.state).not.toBe('succeeded');
    expect(calls().length).toBe(before);
    expect(notes.notes).not.toContain('once more');
  });
});
