import { expect, test } from 'vitest';
import type { Config } from '../config/index.ts';
import { silentLogger } from '../domain/ports/runtime.ts';
import { chatPlatforms } from './chat-platforms.ts';

const platforms = (secrets: Record<string, string>, host = '127.0.0.1') => {
  const config = { secrets, server: { host, port: 0 } } as unknown as Config;
  return chatPlatforms({ config, planUrl: (id) => id, logger: silentLogger });
};

test('nothing configured is no platform', async () => {
  expect(await platforms({})).toEqual([]);
});

test.each([
  [{ MicrosoftAppPassword: 'p' }, '127.0.0.1', /MicrosoftAppId is missing/],
  [{ MicrosoftAppTenantId: 't' }, '127.0.0.1', /MicrosoftAppId is missing/],
  [{ REIGN_TEAMS_UNAUTHENTICATED: '1', MicrosoftAppId: 'a' }, '127.0.0.1', /contradict each other/],
  [{ REIGN_TEAMS_UNAUTHENTICATED: '1' }, '0.0.0.0', /works on loopback alone/],
  [{ REIGN_TEAMS_UNAUTHENTICATED: '1' }, 'reign.example', /works on loopback alone/],
])('Teams that would be let in unchecked is refused: %j on %s', async (secrets, host, words) => {
  await expect(platforms(secrets as never, host)).rejects.toThrow(words);
});

test('without authentication on loopback, it says so as long as it runs', async () => {
  const [teams] = await platforms({ REIGN_TEAMS_UNAUTHENTICATED: '1' });
  expect(teams?.state().says).toContain('WITHOUT AUTHENTICATION');
});
