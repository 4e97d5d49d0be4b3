import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequestPath } from './request-path.ts';

describe('paths', () => {
  it.each([
    'http://evil.example/api',
    '//evil.example/api',
    '/api//v1',
    '/api/../secret',
    '/api/./v1',
    '/api/..',
    '/api/%2e%2e/secret',
    '/api/%2E./secret',
    '/api/%2fv1',
    '/api/%5cv1',
    '/api\\v1',
    '/api/%252e%252e/v1',
    '/api/%00v1',
    '/api/%0d%0av1',
    '/api/v1#fragment',
    '/api/v1%23fragment',
    '/api/v1%3Fwatch=1',
    '/api/v1;x=y/pods',
    '/api/%ff',
    '/api/%',
    '*',
    'api',
    '',
    '/api v1',
    '/apí',
    '/a?b?c',
    '/a?b=%',
    '/a?b=%ff',
    '/a?b=1;c=2',
    '/a?%00=1',
    `/${'a'.repeat(9000)}`,
  ])('refuses %j', (target) => {
    expect(parseRequestPath(target)).toBeTypeOf('string');
  });

  it('takes ordinary targets apart', () => {
    const path = parseRequestPath('/api/v1/users/system%3Anode/?a=b+c&d=%26&e');
    expect(path).toMatchObject({
      path: '/api/v1/users/system%3Anode/',
      decoded: '/api/v1/users/system:node/',
      segments: ['api', 'v1', 'users', 'system:node'],
      query: [
        { raw: 'a=b+c', key: 'a', value: 'b c' },
        { raw: 'd=%26', key: 'd', value: '&' },
        { raw: 'e', key: 'e', value: '' },
      ],
    });
  });

  it('never lets a path through that another parser reads otherwise', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '..',
      '/',
      '%2e',
      '%2F',
      '%',
      '\\',
      ';',
      '%41',
      '?',
      '=',
      '&',
      '%3A',
      '//',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const target = `/${pieces.join('')}`;
        const path = parseRequestPath(target);
        if (typeof path === 'string') return;
        const url = new URL(`http://host${target}`);
        expect(url.host).toBe('host');
        expect(url.pathname).toBe(path.path);
        expect(decodeURIComponent(url.pathname)).toBe(path.decoded);
        expect([...url.searchParams]).toEqual(path.query.map(({ key, value }) => [key, value]));
      }),
      { numRuns: 2000 },
    );
  });
});
