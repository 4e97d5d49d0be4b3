import { expect, test } from 'vitest';
import { goodYaml, load, problemsIn } from './fixtures.ts';

const redis = (text: string) => `${goodYaml}redis: ${text}\n`;

test('Redis is one server, the master of Sentinels, or a cluster', () => {
  expect(load(redis('{ url: "rediss://cache", ca: /tls/ca.pem }')).redis).toEqual({
    url: 'rediss://cache',
    tls: { ca: '/tls/ca.pem' },
  });
  expect(load(redis('{ sentinels: ["a:26379", "b:26379"], master: reign }')).redis).toEqual({
    sentinels: ['a:26379', 'b:26379'],
    master: 'reign',
  });
  const env = {
    REIGN_REDIS_CLUSTER: 'a:6379,b:6379',
    REIGN_REDIS_PASSWORD: 'secret',
    REIGN_REDIS_TLS: 'true',
  };
  expect(load(goodYaml, { env }).redis).toEqual({
    cluster: ['a:6379', 'b:6379'],
    password: 'secret',
    tls: {},
  });
  expect(load(goodYaml).redis).toBeUndefined();
});

test.each([
  ['{ url: "redis://a", cluster: ["a:1"] }', 'give one of url, sentinels and cluster'],
  ['{ password: secret }', 'say where Redis is'],
  ['{ sentinels: ["a:1"] }', 'sentinels and master belong together'],
  ['{ cluster: ["a:1"], sentinelPassword: secret }', 'sentinelPassword belongs to sentinels'],
  ['{ url: "redis://a", tls: true }', 'write user, password and TLS into url'],
  ['{ cluster: ["a:1"], ca: ca.pem }', 'need TLS'],
  ['{ cluster: ["a:1"], tls: true, cert: own.pem }', 'cert and key belong together'],
  ['{ cluster: [a] }', 'expected host:port'],
])('%s is refused', (text, problem) => {
  expect(problemsIn(redis(text)).join('\n')).toContain(problem);
});
