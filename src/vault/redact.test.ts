import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

const secret = 'hunter2-is+not/secret?';
const redactor = createRedactor({ values: () => [secret, 'tiny'] });

describe('known values', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  it.each([
    ['plain', `the value is ${secret}.`],
    ['base64', base64(secret)],
    ['base64 behind a name, as in basic authorization', base64(`reign:${secret}`)],
    ['base64 at the third offset', base64(`ab${secret}cd`)],
    ['base64url', Buffer.from(`x${secret}`).toString('base64url')],
    ['URL-encoded', `?token=${encodeURIComponent(secret)}`],
  ])('masks a value in %s', (_, text) => {
    const masked = redactor.redactNow(text);
    expect(masked).toContain('[redacted:credential]');
    expect(Buffer.from(masked.replace(/\[.*\]/, ''), 'base64').toString()).not.toContain('secret');
    expect(masked).not.toContain(secret);
  });

  it('leaves values of fewer than six characters alone', () => {
    expect(redactor.redactNow('a tiny word')).toBe('a tiny word');
  });

  it('masks each line of a value with several', () => {
    const key = `-----BEGIN X-----\n${'A1b2'.repeat(8)}\n${'C3d4'.repeat(8)}\n-----END X-----`;
    const lines = createRedactor({ values: () => [key] });
    expect(lines.redactNow(`saw ${'C3d4'.repeat(8)} there`)).toBe('saw [redacted:credential] there');
    expect(lines.redactNow(JSON.stringify({ key }))).not.toContain('A1b2');
  });

  it('follows a list of values that changes', () => {
    const values: string[] = [];
    const changing = createRedactor({ values: () => values });
    expect(changing.redactNow('rotated-value')).toBe('rotated-value');
    values.push('rotated-value');
    expect(changing.redactNow('rotated-value')).toBe('[redacted:credential]');
  });

  it('never lets a value through, wherever it stands', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 40 });
    const holds = (value: string, before: string, after: string) => {
      const one = createRedactor({ values: () => [value] });
      return !one
        .redactNow(before + value + after)
        .replaceAll('[redacted:credential]', '\u0000')
        .includes(value);
    };
    fc.assert(fc.property(words, fc.string(), fc.string(), holds), { numRuns: 300 });
  });
});

describe('secrets by their form', () => {
  it.each([
    ['github', `token ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`],
    ['slack', `xoxb-${'123456789012-1234567890123-abcdefghijklmnopqrstuvwx'}`],
    ['aws', `aws_secret_access_key = ${'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEA'}`],
    ['password', 'fetch https://reign:correct-horse@example.test/app'],
    ['database-connection-string', 'postgres://reign:correct-horse@db.example/app'],
    ['token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${'dozjgNryP4J3jVmNHl0w5N'}`],
    ['authorization', 'Authorization: Bearer abcdefghijklmnop1234'],
    ['private-key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'],
  ])('masks %s', async (rule, text) => {
    const masked = await redactor.redact(text);
    expect(masked).toContain(`[redacted:${rule}]`);
    expect(await redactor.redact(masked)).toBe(masked);
  });

  it('leaves ordinary text alone', async () => {
    const text =
      'scaled deployment web from 3 to 6 replicas in staging (basic checks passed, bearer of good news)';
    expect(await redactor.redact(text)).toBe(text);
  });

  it('finds secrets in each of many texts and keeps the others', async () => {
    const texts = ['one', `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`, 'three'];
    expect(await redactor.redactAll(texts)).toEqual(['one', '[redacted:github]', 'three']);
  });
});

describe('values of JSON', () => {
  it('masks strings and keys and keeps the form', async () => {
    const value = { list: [1, null, true, `x ${secret}`], [secret]: { deep: 'plain' } };
    expect(await redactor.redactJson(value)).toEqual({
      list: [1, null, true, 'x [redacted:credential]'],
      '[redacted:credential]': { deep: 'plain' },
    });
  });

  it('returns equal JSON when there is nothing to mask', async () => {
    const none = createRedactor({ values: () => [] });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await none.redactJson(value as never)).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });
});
