import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, hasBrowser, openBrowser } from '../support/browser.ts';
import { createReign, type TestReign } from '../support/reign.ts';

describe.skipIf(!hasBrowser('the web page'))('the web page', { timeout: 180_000 }, () => {
  let reign: TestReign;
  let opened: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;

  beforeAll(async () => {
    reign = await createReign();
    await reign.start('all');
    opened = await openBrowser();
    page = await opened.browser.newPage();
    page.setDefaultTimeout(45_000);
    const { stdout } = await reign.cli('link');
    await page.goto(stdout.trim());
    await page.getByTestId('composer').waitFor();
  });
  afterAll(async () => {
    await opened?.close();
    await reign.stop();
  });

  const say = async (text: string) => {
    await page.getByTestId('composer').fill(text);
    await page.keyboard.press('Enter');
  };
  const fresh = () => page.getByTestId('new-thread').first().click();
  const be = (person: string) => page.getByTestId('person-switch').selectOption(person);

  it('refuses an own approval in production, and Bob’s click runs it to the end', async () => {
    await say('scale checkout to 7 in production');
    const card = page.getByTestId('plan-card').last();
    await card.waitFor();
    expect(await card.textContent()).toContain('6 → 7 replicas');
    await card.getByTestId('approve').click();
    await eventually(() => page.getByTestId('fault').last().textContent()).toContain('bob');
    await be('bob');
    await page.getByTestId('plan-card').last().getByTestId('approve').click();
    await page.locator('[data-testid=final][data-state=succeeded]').waitFor();
    await eventually(() => page.getByTestId('plan-card').last().getByTestId('approve').count()).toBe(0);
    await be('you');
  });

  it('undoes with a click', async () => {
    await page.getByTestId('undo').last().click();
    await eventually(() => page.locator('[data-testid=final][data-state=succeeded]').count()).toBe(2);
  });

  it('asks which one is meant, with buttons', async () => {
    await fresh();
    await say('restart worker in staging');
    const options = page.getByTestId('question-option');
    await options.first().waitFor();
    expect(await options.allTextContents()).toEqual([
      expect.stringContaining('payments/worker'),
      expect.stringContaining('shop/worker'),
    ]);
    await options.last().click();
    await page.getByTestId('plan-card').waitFor();
    expect(await page.getByTestId('plan-card').textContent()).toContain('shop/worker');
  });

  it('shows a bad image rolling back by itself', async () => {
    await fresh();
    await say('set the image of web in staging to registry.demo/web:bad');
    await page.getByTestId('plan-card').last().getByTestId('approve').click();
    await page.locator('[data-testid=final][data-state=rolled-back]').waitFor({ timeout: 40_000 });
  });

  it('asks again when the world changed between approval and execution, also for a plan that had to wait', async () => {
    await fresh();
    await say('scale ledger to 6 in staging');
    await page.getByTestId('plan-card').last().waitFor();
    const [first] = await page.getByTestId('plan-card').all();
    await say('scale ledger to 2 in staging');
    await eventually(() => page.getByTestId('plan-card').count()).toBe(2);
    await first?.getByTestId('approve').click();
    await page.getByTestId('plan-card').last().getByTestId('approve').click();
    const second = page.locator('[data-testid=plan-card][data-revision="2"]');
    await second.waitFor({ timeout: 30_000 });
    expect(await second.textContent()).toContain('6 → 2 replicas');
    await second.getByTestId('approve').click();
    await eventually(() => page.locator('[data-testid=final][data-state=succeeded]').count()).toBe(2);
  });

  it('runs two branches, and shows what a freeze holds', async () => {
    await fresh();
    await reign.cli('freeze', 'staging', 'inventory', '--as', 'bob');
    await say('scale checkout to 4 and cart to 3 in staging');
    const card = page.getByTestId('plan-card').last();
    await card.waitFor();
    expect(await card.getByTestId('step').count()).toBe(2);
    await card.getByTestId('approve').click();
    await eventually(() => card.textContent()).toContain('inventory');
    await reign.cli('unfreeze', 'staging', '--as', 'bob');
    await page.locator('[data-testid=final][data-state=succeeded]').waitFor({ timeout: 30_000 });
  });

  it('takes a rejection with its reason', async () => {
    await fresh();
    await say('scale cart to 9 in staging');
    const card = page.getByTestId('plan-card').last();
    await card.getByTestId('reject').click();
    await card.getByTestId('reason').fill('not on a Friday');
    await card.getByTestId('reject').last().click();
    await eventually(() => page.getByTestId('plan-card').last().getAttribute('data-state')).toBe('rejected');
    expect(await page.textContent('body')).toContain('not on a Friday');
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBe(0);
  });
});
