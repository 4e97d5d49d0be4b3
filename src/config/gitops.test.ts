import { expect, test } from 'vitest';
import { environmentRules, environmentsView } from './environments.ts';
import { goodYaml, load } from './fixtures.ts';

const github = 'github: { main: { repositories: ["acme/*"], token: env:GITHUB_TOKEN } }';

test('an environment with writes: pull-request says where, and forbids every write that is no proposal', () => {
  const more = `tier: production\n    ${github}\n    writes: pull-request\n    gitops: { repository: Acme/deploy, wait: 10m }`;
  const config = load(goodYaml.replace('tier: production', more));
  expect(environmentsView(config)[1]?.gitops).toEqual({
    connection: 'github:production/main',
    repository: 'Acme/deploy',
    branch: 'main',
    path: '',
    waitSeconds: 600,
  });
  expect(environmentRules(config)).toEqual([
    {
      path: 'environments.production.writes',
      text: expect.stringMatching(/forbid[\s\S]*environment == "production"[\s\S]*!context\.asPullRequest/),
    },
  ]);
});

/** Both environments with pull requests to one repository, each with more of its own. */
function both(staging: string, production: string) {
  const more = (rest: string) =>
    `    ${github}\n    writes: pull-request\n    gitops: { repository: ${rest} }\n`;
  return load(
    goodYaml
      .replace('    tier: production\n', `    tier: production\n${more(production)}`)
      .replace('    tier: nonproduction\n', `    tier: nonproduction\n${more(staging)}`),
  );
}

test.each([
  ['acme/deploy', 'Acme/deploy'],
  ['acme/deploy', 'acme/deploy, path: clusters/production'],
  ['acme/deploy, path: clusters, branch: main', 'acme/deploy, path: clusters/production'],
  ['acme/deploy, path: clusters/production', 'acme/deploy, path: clusters/production'],
])('two environments are not delivered from the same files: %s and %s', (staging, production) => {
  expect(() => both(staging, production)).toThrow(
    /environments\.production\.gitops\.path: it overlaps that of staging/,
  );
});

test.each([
  ['acme/deploy, path: clusters/prod', 'acme/deploy, path: clusters/production'],
  ['acme/deploy, branch: staging', 'acme/deploy'],
  ['acme/staging', 'acme/deploy'],
])('two environments are delivered from files of their own: %s and %s', (staging, production) => {
  const delivered = environmentsView(both(staging, production)).filter(({ gitops }) => gitops !== undefined);
  expect(delivered).toHaveLength(2);
});

test.each([
  ['writes: pull-request', /environments\.production\.writes: pull-request needs gitops/],
  ['gitops: { repository: acme/deploy }', /gitops: it is used with writes: pull-request alone/],
  [
    'writes: pull-request\n    gitops: { repository: acme/deploy }',
    /no github of production lists the repository acme\/deploy/,
  ],
])('%s alone is a problem', (more, words) => {
  expect(() => load(goodYaml.replace('tier: production', `tier: production\n    ${more}`))).toThrow(words);
});
