import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/accessibility.ts';
import { eventually, hasBrowser, openBrowser } from '../support/browser.ts';
import { createReign, type TestReign } from '../support/reign.ts';

/** What of the browser's elements the tests look at. */
type Drawn = { dataset: { state?: string }; getBoundingClientRect(): { top: number } };

describe.skipIf(!hasBrowser('the console'))('the console', { timeout: 180_000 }, () => {
  let reign: TestReign;
  let opened: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let origin: string;
  /** What the browser complained about: refused styles and scripts, failures of the code. */
  const complaints: string[] = [];
  const loaded: { url: string; bytes: Promise<number> }[] = [];

  beforeAll(async () => {
    reign = await createReign();
    await reign.start('all');
    opened = await openBrowser();
    page = await opened.browser.newPage();
    page.setDefaultTimeout(45_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    page.on('response', (response) => {
      const bytes = response
        .body()
        .then((body) => gzipSync(body).length)
        .catch(() => 0);
      loaded.push({ url: response.url(), bytes });
    });
    const { stdout } = await reign.cli('link');
    origin = new URL(stdout.trim()).origin;
    await page.goto(stdout.trim());
    await page.getByTestId('composer').waitFor();
  });
  afterAll(async () => {
    await opened?.close();
    await reign.stop();
  });

  const open = (fragment: string) => page.goto(`${origin}/${fragment}`);
  const be = async (person: string) => {
    await page.getByTestId('person-switch').selectOption(person);
    await eventually(() => page.getByTestId('person-switch').inputValue()).toBe(person);
  };
  const text = (of: Locator) => of.textContent();

  it('loads less than 200 kB, compressed, before the chat can be used', async () => {
    const sizes = await Promise.all(loaded.map(({ bytes }) => bytes));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(loaded.filter(({ url }) => url.endsWith('.js')).length).toBeGreaterThan(0);
    expect(total).toBeLessThan(200_000);
    expect(loaded.map(({ url }) => url).filter((url) => /manifests|step-log|chart-frame/.test(url))).toEqual(
      [],
    );
  });

  it('can be walked by keyboard: skip link, digits, and a list of the shortcuts', async () => {
    await page.evaluate('document.activeElement?.blur()');
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Plans' }).waitFor();
    await eventually(() => page.title()).toBe('Plans · Reign');
    await eventually(() => page.evaluate('document.activeElement?.tagName')).toBe('MAIN');
    await page.keyboard.press('?');
    await page.getByTestId('shortcuts').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('shortcuts').count()).toBe(0);
    await open('#/tools');
    await page.getByTestId('skip').focus();
    await page.keyboard.press('Enter');
    await eventually(() => page.evaluate('document.activeElement?.tagName')).toBe('MAIN');
  });

  it('lists plans as they come and go, by a filter that is in the address', async () => {
    await open('#/plans?state=waiting-for-approval&environment=staging');
    expect(await page.getByTestId('filter-state').inputValue()).toBe('waiting-for-approval');
    const { id } = await reign.api().planFor('scale checkout to 5 in staging');
    const row = page.locator(`tr[data-plan="${id}"]`);
    await row.waitFor();
    await page.getByTestId('filter-environment').selectOption('production');
    await eventually(() => row.count()).toBe(0);
    expect(page.url()).toContain('environment=production');
    await page.getByTestId('filter-environment').selectOption('');
    await row.waitFor();
    await reign.cli('plan', 'reject', id, 'not now');
    await eventually(() => row.count()).toBe(0);
  });

  it('shows a plan whole: its steps as a picture, manifests, times, log and history; approve and undo', async () => {
    const { id } = await reign.api().planFor('scale checkout to 4 and cart to 3 in staging');
    await open(`#/plan/${id}`);
    const nodes = page.getByTestId('graph').locator('a');
    await eventually(() => nodes.count()).toBe(2);
    await page.getByTestId('approve').click();
    await eventually(() =>
      nodes.evaluateAll((all) => (all as unknown as Drawn[]).map(({ dataset }) => dataset.state)),
    ).toEqual(['succeeded', 'succeeded']);
    await eventually(() => page.getByTestId('timeline').locator('li').count()).toBe(2);
    await nodes.last().click();
    expect(page.url()).toMatch(new RegExp(`#/plan/${id}/.+`));
    const panel = page.getByTestId('step-panel');
    await eventually(() => text(panel.getByTestId('compared'))).toContain('3 of 3 replicas available');
    const lines = panel.getByTestId('manifests').locator('.view-line');
    await eventually(async () => (await lines.allTextContents()).join('\n')).toMatch(/replicas:\s3/);
    // Lines lie below each other only where the page's policy lets the editor place them.
    await eventually(async () => {
      const tops = await lines.evaluateAll((all) =>
        (all as unknown as Drawn[]).map((each) => each.getBoundingClientRect().top),
      );
      return new Set(tops).size;
    }).toBeGreaterThan(3);
    await eventually(() => text(panel.getByTestId('step-log'))).toContain('succeeded');
    await page.getByTestId('trail').locator('[data-type="decision.approve"]').waitFor();
    await page.getByTestId('undo-plan').click();
    await eventually(() => page.url()).not.toContain(id);
    await eventually(() => text(page.getByTestId('plan-card'))).toContain('succeeded');
    expect(await text(page.getByTestId('plan-card'))).toContain(`undo of ${id}`);
  });

  it('shows Bob what waits for him, and takes his approval', async () => {
    const { id } = await reign.api().planFor('restart cart in production');
    await open('#/approvals');
    await page.getByTestId('nothing-waits').waitFor();
    await be('bob');
    await eventually(() => text(page.getByTestId('waiting-count'))).toContain('1');
    await page.locator(`[data-testid=plan-card][data-plan="${id}"]`).getByTestId('approve').click();
    await page.getByTestId('nothing-waits').waitFor();
    await reign.api().until(id, ({ state }) => state === 'succeeded');
  });

  it('freezes with a reason and an end, and lifts it, for those who may', async () => {
    await page.getByTestId('freeze-reason').fill('inventory');
    await page.getByTestId('freeze-until').fill('2099-12-31T23:00');
    await page.getByTestId('freeze-button').click();
    const freeze = page.getByTestId('freeze');
    await eventually(() => text(freeze)).toContain('inventory');
    expect(await text(freeze)).toContain('until 31 Dec 2099');
    await be('you');
    await freeze.waitFor();
    expect(await page.getByTestId('lift').count()).toBe(0);
    expect(await page.getByTestId('freeze-button').count()).toBe(0);
    await be('bob');
    await page.getByTestId('lift').click();
    await eventually(() => freeze.count()).toBe(0);
    await be('you');
  });

  it('searches the audit page by page, verifies and exports it', async () => {
    await open('#/audit?person=bob&type=decision.&target=cart');
    const rows = page.getByTestId('trail').locator('tr');
    await eventually(() => rows.count()).toBe(1);
    await page.getByTestId('filter-target').fill('checkout');
    await page.getByTestId('filter-target').press('Enter');
    await eventually(() => rows.count()).toBe(0);
    await page.route('**/api/v1/audit?*', (route) => {
      const asked = new URL(route.request().url());
      asked.searchParams.set('limit', '20');
      return route.continue({ url: asked.href });
    });
    await open('#/audit');
    await eventually(() => rows.count()).toBe(20);
    await page.getByTestId('more').click();
    await eventually(() => rows.count()).toBe(40);
    const seen = await rows.allTextContents();
    expect(new Set(seen).size).toBe(40);
    await page.unroute('**/api/v1/audit?*');
    await page.getByTestId('verify').click();
    await eventually(() => text(page.getByTestId('report'))).toContain('The audit holds');
    const download = page.waitForEvent('download');
    await page.getByTestId('export').click();
    const exported = readFileSync(await (await download).path(), 'utf8');
    expect(exported).toContain('"plan.succeeded"');
  });

  it('makes a plan of a form that is made from an operation’s schema', async () => {
    await open('#/tools');
    await page.getByTestId('filter-text').fill('kubernetes.scale');
    await page.getByTestId('filter-text').press('Enter');
    await page.locator('[data-operation="kubernetes.scale"] a').click();
    await page.locator('[data-field=name]').fill('cart');
    await page.locator('[data-field=replicas]').fill('4');
    await page.locator('[data-field=environment]').fill('staging');
    await page.getByTestId('try-button').click();
    const card = page.getByTestId('plan-card');
    await card.waitFor();
    expect(await text(card)).toContain('→ 4 replicas');
    expect(await card.getAttribute('data-state')).toBe('waiting-for-approval');
  });

  it('asks for what a runbook needs, and previews what it would do', async () => {
    await open('#/runbooks/rotate-image');
    await page.getByTestId('try-button').click();
    await eventually(() => page.getByText('This is needed.').count()).toBeGreaterThan(0);
    await page.locator('[data-field=names]').fill('web\ncart');
    await page.locator('[data-field=image]').fill('registry.demo/web:2.1.0');
    await page.locator('[data-field=environment]').fill('staging');
    await page.getByTestId('try-button').click();
    await page.getByTestId('plan-card').waitFor();
  });

  it('says what is connected, lets the doctor look, and draws what happened', async () => {
    await open('#/health');
    await eventually(() => text(page.getByTestId('ready'))).toContain('postgres ok');
    await page.getByTestId('doctor').click();
    await eventually(() => text(page.getByTestId('checks').last())).toContain('policy');
    await open('#/charts');
    await eventually(() => page.getByTestId('chart').count()).toBe(5);
    await eventually(() => page.locator('canvas').count()).toBeGreaterThan(2);
  });

  it('has Reign’s own command line, and nothing else of this machine', async () => {
    await open('#/terminal');
    const screen = page.getByTestId('console');
    await page.locator('.xterm-helper-textarea').focus();
    const type = async (line: string) => {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    };
    const sees = (words: string) => eventually(() => text(screen)).toContain(words);
    await type('ask "restart web in staging" --approve');
    await sees('succeeded');
    await type('plan list --open');
    await sees('waiting for approval');
    await type('audit verify');
    await sees('The audit holds');
    await type('freeze staging inventory');
    await sees('A freeze of staging needs a lead there, and you is none.');
    await page.keyboard.press('Control+l');
    for (const line of ['start', 'doctor', 'audit export /tmp/x', 'credential set x', 'ls; id']) {
      await type(line);
      await sees(/^(audit|ls)/.test(line) ? 'unknown command' : `unknown command '${line.split(' ')[0]}'`);
    }
    await page.keyboard.press('ArrowUp');
    await sees('ls; id');
  });

  /** What is there to be looked at once a place has all that it shows. */
  const places = {
    '#/': '[data-testid=composer]',
    '#/plans': 'tr[data-plan]',
    '#/approvals': '[data-testid=plan-card]',
    '#/audit': '[data-testid=trail] tr',
    '#/tools': '[data-operation]',
    '#/tools/kubernetes.scale': '[data-field=replicas]',
    '#/runbooks': '[data-testid=runbooks] tr',
    '#/health': '[data-testid=ready] li',
    '#/charts': '[data-testid=chart] canvas',
    '#/terminal': '[data-testid=console] .xterm-rows',
    '#/plan/': '[data-testid=manifests] .line-delete',
  };
  const sights = [
    { name: 'light, desktop', scheme: 'light', width: 1200, height: 900 },
    { name: 'dark, phone', scheme: 'dark', width: 360, height: 740 },
    { name: 'dark, desktop', scheme: 'dark', width: 1200, height: 900 },
    { name: 'light, phone', scheme: 'light', width: 360, height: 740 },
  ] as const;

  it.each(sights)('is fit for everybody, and fits: $name', async ({ scheme, width, height }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height });
    const plan = await reign.api().planFor('scale checkout to 5 in staging');
    const wrong: string[] = [];
    for (const [place, sight] of Object.entries(places)) {
      await open(place === '#/plan/' ? `${place}${plan.id}` : place);
      await page.locator(sight).first().waitFor();
      for (const each of await violations(page)) wrong.push(`${place}: ${each}`);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      if (overflow !== 0) wrong.push(`${place}: ${overflow} wider than the screen`);
    }
    expect(wrong).toEqual([]);
  });

  it('never made the browser refuse anything', () => {
    expect(complaints).toEqual([]);
  });
});
