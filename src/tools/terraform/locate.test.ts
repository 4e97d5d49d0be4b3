import { expect, test } from 'vitest';
import type { ConnectionView, EnvironmentView } from '../../domain/environment.ts';
import { locateWorkspace } from './locate.ts';

const view = (environment: string, name: string, path: string) =>
  ({
    ...{ id: `terraform:${environment}/${name}`, kind: 'terraform', environment, name, demo: false },
    terraform: { path, workspace: 'default', state: 'reign' },
  }) satisfies ConnectionView;

const environments: EnvironmentView[] = [
  {
    ...{ name: 'staging', tier: 'nonproduction', aliases: ['stg'] },
    connections: [view('staging', 'vpc', '/repo/infra/vpc'), view('staging', 'old', '/repo/old')],
  },
  {
    ...{ name: 'production', tier: 'production', aliases: [] },
    connections: [view('production', 'vpc', '/repo/live/vpc'), view('production', 'dns', '/repo/live/dns')],
  },
];

const locate = (request: object) => locateWorkspace(request, { environments }, 'plan');

test.each([
  [{ path: 'dns' }, 'terraform:production/dns'],
  [{ path: './live/dns/' }, 'terraform:production/dns'],
  [{ path: '/repo/infra/vpc' }, 'terraform:staging/vpc'],
  [{ path: 'infra/vpc' }, 'terraform:staging/vpc'],
  [{ path: 'VPC', environment: 'stg' }, 'terraform:staging/vpc'],
  [{ environment: 'terraform:production/dns' }, 'terraform:production/dns'],
])('%j is %s', (request, connection) => {
  expect(locate(request)).toMatchObject({ kind: 'input', input: { connection } });
});

test.each([
  {},
  { path: 'vpc' },
  { environment: 'production' },
  { path: 'vcp' },
  { path: 'dns', environment: 'stg2' },
])('%j is a question whose answers lead to one', (request) => {
  const answer = locate(request);
  if (answer.kind !== 'question') throw new Error(JSON.stringify(answer));
  for (const { patch } of answer.question.options)
    expect(locate({ ...request, ...patch }).kind).not.toBe('question');
});

test('a word never fits a part of a folder name, and an unknown one is said to be so', () => {
  expect(locate({ path: 'ra/vpc' })).not.toMatchObject({ kind: 'input' });
  expect(locate({ path: 'billing' })).toMatchObject({ kind: 'impossible' });
  expect(locate({ path: 'old' })).toMatchObject({ kind: 'input' });
  expect(locateWorkspace({}, { environments: [] }, 'plan')).toMatchObject({ kind: 'impossible' });
});
