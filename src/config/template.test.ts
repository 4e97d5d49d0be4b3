import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { load } from './fixtures.ts';
import { configJsonSchema } from './schema.ts';
import { writeConfigTemplate } from './template.ts';

test('what is written loads, with a careful tier for each context', () => {
  const yaml = writeConfigTemplate({
    contexts: [
      'kind-dev',
      'arn:aws:eks:eu-west-1:1:cluster/shop',
      'prod',
      'staging-prod-copy',
      'a/prod',
      'null',
    ],
    docker: ['/var/run/docker.sock'],
    people: [
      { name: 'alice', roles: ['admin'] },
      { name: 'bob', roles: ['lead@prod'] },
    ],
  });
  const config = load(yaml);
  expect(config.environments.map(({ name, tier, clusters }) => [name, tier, clusters[0]?.context])).toEqual([
    ['kind-dev', 'nonproduction', 'kind-dev'],
    ['shop', 'production', 'arn:aws:eks:eu-west-1:1:cluster/shop'],
    ['prod', 'production', 'prod'],
    ['staging-prod-copy', 'production', 'staging-prod-copy'],
    ['prod-2', 'production', 'a/prod'],
    ['null', 'production', 'null'],
  ]);
  expect(config.environments[0]?.docker).toEqual([
    { name: 'main', mounts: [], socket: '/var/run/docker.sock' },
  ]);
  expect(config.people.map(({ name }) => name)).toEqual(['alice', 'bob']);
});

test('without contexts the demo clusters are written', () => {
  const config = load(writeConfigTemplate({}));
  expect(config.environments.map(({ clusters }) => clusters[0]?.demo)).toEqual([true, true]);
  expect(config.people).toMatchObject([{ name: 'you', roles: [{ role: 'admin' }] }]);
});

test('names and paths are quoted where YAML would read them otherwise', () => {
  const yaml = writeConfigTemplate({ contexts: ['dev: {x}', '#one'], docker: ['/tmp/a: b.sock'] });
  const config = load(yaml);
  expect(config.environments.map(({ clusters }) => clusters[0]?.context)).toEqual(['dev: {x}', '#one']);
  expect(config.environments[0]?.docker).toEqual([{ name: 'main', mounts: [], socket: '/tmp/a: b.sock' }]);
});

test('editors are told where the schema is', () => {
  const first = writeConfigTemplate({ schema: './schema.json' }).split('\n')[0];
  expect(first).toBe('# yaml-language-server: $schema=./schema.json');
});

test('the settings that are written as comments are accepted', () => {
  const yaml = writeConfigTemplate({}).replace(
    /^# (?=(server|database|redis|approvals|workers|http|audit|retention):)/gm,
    '',
  );
  expect(parseDocument(yaml).errors).toEqual([]);
  expect(load(yaml)).toMatchObject({ httpAllow: ['10.0.0.0/8'], workers: { concurrency: 10 } });
});

test('docs/reign.schema.json is the schema (npx vitest run src/config -u writes it)', async () => {
  const onOneLine = (_: string, items: string) => `[${items.replace(/\s*\n\s*/g, ' ').trim()}]`;
  const text = JSON.stringify(configJsonSchema(), null, 2).replace(/\[([^[\]{}]*)\]/g, onOneLine);
  await expect(`${text}\n`).toMatchFileSnapshot('../../docs/reign.schema.json');
});
