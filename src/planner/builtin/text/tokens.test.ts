import { expect, test } from 'vitest';
import { tokenize } from './tokens.ts';

test.each([
  ['scale checkout to 6', 'word word word number'],
  ['ghcr.io/a/b:1.2 nginx:1.27 8080:80', 'image image port'],
  ['./api /opt/x a/b deploy.yml', 'path path slash file'],
  ['https://x.io/a, 20 minutes 15m 65% 3x', 'url mark duration duration percent times'],
  ['v1.2.3 2.0 p-3f9a c0ffee1 #482', 'version version plan hex hash-number'],
  ['sum(rate(x[5m])) by (y) > 1', 'expression'],
  ['deploy/web twenty five', 'word mark word number'],
  ['since 2024-05-01 a dozen', 'word id word number'],
])('%s', (text, shapes) => {
  expect(
    tokenize(text)
      .map(({ shape }) => shape)
      .join(' '),
  ).toBe(shapes);
});

test('a quoted text is one token without its quotes, an apostrophe quotes nothing', () => {
  const [, quote] = tokenize('run "df -h" now');
  expect(quote).toMatchObject({ value: 'df -h', shape: 'quote' });
  expect(tokenize("what's up, it's ok")).toHaveLength(5);
});
