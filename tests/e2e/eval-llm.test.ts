import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { answer, calls, propose, startModel, type TestModel } from '../support/model.ts';
import { describe, it, startTeam, type Team } from '../support/team.ts';

// `reign eval --llm`: what it grades, against a model that follows a script.

let model: TestModel;
let team: Team;

beforeAll(async () => {
  model = await startModel();
  team = await startTeam('', { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: model.url });
});
afterAll(async () => {
  await team?.stop();
  await model?.stop();
});

async function evaluate(...cases: object[]) {
  const file = path.join(team.reign.dataDir, 'cases.jsonl');
  await writeFile(file, cases.map((each) => JSON.stringify(each)).join('\n'));
  return team.reign.cli('eval', file, '--llm', '--times', '2', '--json');
}

describe('the evaluation of the language model', () => {
  it('passes what ends as it should, and says what does not', async () => {
    const where = { name: 'web', environment: 'staging' };
    model.script('first why', [calls(['kubernetes__events', where]), answer('web is fine.')]);
    model.script('second why', [answer('I guess it is fine.')]);
    model.script('third, change', [
      propose({ key: 'a', operation: 'kubernetes.scale', request: { ...where, replicas: 3 } }),
    ]);
    const { code, events } = await evaluate(
      {
        text: 'first why is web in staging so slow, and what of it?',
        expect: 'answer',
        looks: ['kubernetes.'],
        says: ['web'],
      },
      {
        text: 'second why is web in staging so slow, and what of it?',
        expect: 'answer',
        looks: ['kubernetes.'],
      },
      {
        text: 'third, change web in staging as you think best, and why?',
        expect: 'plan',
        operations: ['kubernetes.scale'],
        targets: ['web'],
      },
    );
    expect(code).toBe(1);
    const cases = events.filter(({ type }) => type === 'eval-case');
    expect(cases.map(({ passed }) => passed)).toEqual([2, 0, 2]);
    expect(cases[1]?.['problems']).toEqual(['it did not look at kubernetes.']);
    expect(events.at(-1)).toMatchObject({ type: 'eval-llm', cases: 3, times: 2, pass_all: 2 / 3 });
    const open = await team.sql(`select id from plans where state not in ('cancelled')`);
    expect(open).toEqual([]);
  });

  it('of no cases at all is a failure', async () => {
    const { code, stdout } = await evaluate();
    expect(code).toBe(1);
    expect(stdout).toMatch(/holds no cases; that is never a success/);
  });
});
