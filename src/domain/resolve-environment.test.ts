import { expect, test } from 'vitest';
import type { EnvironmentView } from './environment.ts';
import { onePlace, placesFor } from './resolve-environment.ts';

const environments: EnvironmentView[] = [
  { name: 'staging', tier: 'nonproduction', aliases: ['stg'], connections: [cluster('staging', 'main')] },
  {
    name: 'production',
    tier: 'production',
    aliases: ['prod'],
    connections: [cluster('production', 'east'), cluster('production', 'west')],
  },
  { name: 'lab', tier: 'nonproduction', aliases: [], connections: [] },
];

test('an alias names the environment, without case', () => {
  const places = placesFor(environments, 'kubernetes', 'STG');
  expect(places).toEqual({ kind: 'places', connections: [cluster('staging', 'main')] });
});

test('an unknown word is a question that lists what exists', () => {
  const places = placesFor(environments, 'kubernetes', 'qa');
  expect(places).toMatchObject({ kind: 'question', question: { field: 'environment' } });
  expect(JSON.stringify(places)).toContain('"staging"');
});

test('without a word nothing is guessed', () => {
  expect(onePlace(environments, 'kubernetes', undefined)).toMatchObject({
    kind: 'question',
    question: { options: [{ label: 'staging' }, { label: 'production' }] },
  });
});

test('several connections of one environment are told apart by id, and the answer resolves', () => {
  const asked = onePlace(environments, 'kubernetes', 'prod');
  if (asked.kind !== 'question') throw new Error('expected a question');
  const word = asked.question.options[1]?.patch.environment as string;
  expect(onePlace(environments, 'kubernetes', word)).toEqual({
    kind: 'place',
    connection: cluster('production', 'west'),
  });
});

test('a kind that nobody configured is impossible', () => {
  expect(placesFor(environments, 'docker', undefined).kind).toBe('impossible');
});

function cluster(environment: string, name: string) {
  return {
    id: `kubernetes:${environment}/${name}`,
    kind: 'kubernetes' as const,
    environment,
    name,
    demo: false,
  };
}
