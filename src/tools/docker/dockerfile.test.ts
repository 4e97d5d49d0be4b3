import { expect, test } from 'vitest';
import { readDockerfile } from './dockerfile.ts';

test('says what it builds on, how many commands it runs and what it fetches', () => {
  const text = [
    '# syntax=docker/dockerfile:1',
    'FROM --platform=linux/amd64 node:20 AS build',
    'RUN npm ci && \\',
    '    # a remark',
    '    npm test',
    'from build as second',
    'ADD https://example.org/x.tar /x',
    'FROM scratch',
    'COPY --from=build /app /app',
    'RUN ["/app"]',
  ].join('\n');
  expect(readDockerfile(text)).toEqual({
    from: ['node:20'],
    runs: 2,
    fetches: ['https://example.org/x.tar'],
    problem: undefined,
  });
});

test.each([
  ['RUN true', 'no FROM'],
  ['FROM a\nRUN --mount=type=secret,id=x cat /run/secrets/x', 'BuildKit'],
  ['FROM a\nCOPY <<EOF /x\nhello\nEOF', 'BuildKit'],
])('%j is not taken', (text, words) => {
  expect(readDockerfile(text).problem).toContain(words);
});
