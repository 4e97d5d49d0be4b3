import { expect, test } from 'vitest';
import { goodYaml, load, problemsIn } from './fixtures.ts';

test('Reign is not served beyond loopback without sign-in by OpenID Connect over HTTPS', () => {
  const serving = (more: string) => problemsIn(`${goodYaml}${more}`);
  const provider = 'oidc: { issuer: "https://login.example", clientId: reign }\n';
  expect(serving('server: { host: 0.0.0.0 }\n')).toEqual([expect.stringContaining('set oidc.issuer')]);
  expect(serving(`server: { host: 0.0.0.0 }\n${provider}`)).toEqual([
    expect.stringContaining('server.publicUrl: is missing'),
  ]);
  expect(serving(`server: { host: 0.0.0.0, publicUrl: "http://reign.example" }\n${provider}`)).toEqual([
    expect.stringContaining('needs https://'),
  ]);
  expect(load(`${goodYaml}${provider}server: { port: 1 }\n`).server.host).toBe('127.0.0.1');
});

test('a subject is one person of the one provider', () => {
  const people = goodYaml.replace('roles: [operator]', 'roles: [operator], oidc: s-1');
  const provider = 'oidc: { issuer: "https://login.example", clientId: reign }\n';
  expect(load(`${people}${provider}`).people[0]?.principals).toContainEqual({
    platform: 'oidc',
    team: 'https://login.example',
    user: 's-1',
  });
  expect(problemsIn(people)).toEqual([expect.stringContaining('people[0].oidc: nobody says whose id')]);
  const doubled = people.replace('name: bob,', 'name: bob, oidc: s-1,');
  expect(problemsIn(`${doubled}${provider}`)).toEqual([expect.stringContaining('"s-1" is used twice')]);
});
