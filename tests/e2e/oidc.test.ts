import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { startOidcProvider, type TestProvider } from '../support/oidc-provider.ts';
import { createReign, type TestReign } from '../support/reign.ts';

describe.skipIf(!hasBrowser('sign-in by OpenID Connect'))(
  'sign-in by OpenID Connect',
  { timeout: 120_000 },
  () => {
    let reign: TestReign;
    let provider: TestProvider;
    let opened: Awaited<ReturnType<typeof openBrowser>>;
    let page: Page;
    let origin: string;

    beforeAll(async () => {
      provider = await startOidcProvider();
      reign = await createReign();
      await writeFile(
        path.join(reign.dataDir, 'reign.yaml'),
        `people:
  - { name: alice, roles: [operator], oidc: "00u-alice" }
  - { name: bob, roles: [lead], oidc: "00u-bob" }
  - { name: mallory, roles: [admin], oidc: "00u-mallory", local: false }
environments:
  staging: { tier: nonproduction, clusters: { main: { demo: true } } }
oidc: { issuer: "${provider.issuer}", clientId: ${provider.clientId} }
`,
      );
      await reign.start('all');
      origin = new URL((await reign.cli('link')).stdout.trim()).origin;
      provider.allow(`${origin}/auth/callback`);
      opened = await openBrowser();
      page = await opened.browser.newPage();
      page.setDefaultTimeout(45_000);
    });
    afterAll(async () => {
      await opened?.close();
      await reign?.stop();
      await provider?.stop();
    });

    const signInAs = async (subject: string) => {
      provider.subject = subject;
      await opened.browser.clearCookies();
      await page.goto(origin);
      await page.getByTestId('sign-in-oidc').click();
    };

    /** Begins a sign-in and does not come back. */
    const signInAsFar = async (subject: string) => {
      provider.subject = subject;
      const begun = await page.request.get(`${origin}/auth/oidc`, { maxRedirects: 0 });
      const asked = new URL(begun.headers()['location'] ?? '');
      expect(Object.fromEntries(asked.searchParams)).toMatchObject({
        response_type: 'code',
        code_challenge_method: 'S256',
        code_challenge: expect.any(String),
        state: expect.any(String),
        nonce: expect.any(String),
      });
    };

    it('begins the session of the person whose subject it is, and records how', async () => {
      await signInAs('00u-alice');
      await page.getByTestId('composer').waitFor();
      expect(await page.getByTestId('person').textContent()).toBe('alice');
      const { events } = (
        await reign
          .api()
          .call<{ events: { actor: string; payload: object }[] }>('GET', '/audit?type=session.begun')
      ).body;
      expect(events[0]).toMatchObject({
        actor: 'alice',
        payload: { issuer: provider.issuer, subject: '00u-alice' },
      });
      const session = (await opened.browser.cookies()).find(({ name }) => name === 'reign_session');
      expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    });

    it('prolongs no session by itself, and lets an operator run no doctor', async () => {
      const post = (route: string) =>
        page.request.post(`${origin}/api/v1${route}`, { headers: { 'x-reign': '1' } });
      const refused = await post('/links');
      expect([refused.status(), await refused.text()]).toEqual([
        403,
        expect.stringContaining('npx reign link'),
      ]);
      expect((await post('/health/doctor')).status()).toBe(403);
      expect((await reign.cli('link')).stdout).toContain('http');
    });

    it('goes by the immutable id alone: a known e-mail address opens nothing', async () => {
      await signInAs('00u-stranger');
      await page.getByText('nobody here is that').waitFor();
      expect((await opened.browser.cookies()).some(({ name }) => name === 'reign_session')).toBe(false);
    });

    it('keeps those out who are to use their chat platform alone', async () => {
      await signInAs('00u-mallory');
      await page.getByTestId('sign-in').waitFor();
    });

    it('takes no answer that this browser did not ask for', async () => {
      await opened.browser.clearCookies();
      const stolen = await page.goto(`${origin}/auth/callback?code=x&state=y`);
      expect(stolen?.status()).toBe(401);
      expect(await stolen?.text()).toContain('was not begun in this browser');
      await signInAsFar('00u-bob');
      const forged = await page.goto(`${origin}/auth/callback?code=x&state=y`);
      expect(forged?.status()).toBe(401);
      expect(await forged?.text()).toContain('did not sign you in');
    });

    it('refuses to be served beyond loopback without it', async () => {
      await writeFile(
        path.join(reign.dataDir, 'open.yaml'),
        `people: [{ name: alice, roles: [operator] }]
environments: { staging: { tier: nonproduction, clusters: { main: { demo: true } } } }
server: { host: 0.0.0.0 }
`,
      );
      const { code, stderr } = await reign.cli('start', '--config', 'open.yaml', '--port', '0');
      expect(code).toBe(1);
      expect(stderr).toContain('beyond this machine, where sign-in links are not enough');
    });
  },
);
