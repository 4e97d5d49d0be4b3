import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { expect } from 'vitest';

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Whether there is a Chromium; says once in a loud line what is not tested without it. */
export function hasBrowser(what: string): boolean {
  if (!browserPath) console.warn(`NOT TESTED: ${what}, since there is no Chromium on this machine.`);
  return browserPath !== undefined;
}

/** A headless Chromium with a profile of its own. */
export async function openBrowser(): Promise<{ browser: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'reign-chromium-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: browserPath ?? '',
    headless: true,
    viewport: { width: 1200, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Polls until what follows holds, for long enough on a busy machine. */
export const eventually = <Seen>(look: () => Seen | Promise<Seen>) => expect.poll(look, { timeout: 45_000 });
