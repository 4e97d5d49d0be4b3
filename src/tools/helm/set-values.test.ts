import { expect, test } from 'vitest';
import { readValues, valueArguments, valuesByHand, valuesInWords } from './set-values.ts';

const read = (text: string) => {
  const found = readValues(text);
  return found.kind === 'values'
    ? Object.fromEntries(found.values.map(({ path, value }) => [path, value]))
    : found.reason;
};

test('values are read as helm takes them', () => {
  expect(read('image.tag=1.4.3')).toEqual({ 'image.tag': '1.4.3' });
  expect(read('replicas=3, debug=true and extra=null')).toEqual({ replicas: 3, debug: true, extra: null });
  expect(read(`hosts[0].name="a b" zip='0123' port=080 ratio=1.5`)).toEqual({
    ...{ 'hosts[0].name': 'a b', zip: '0123', port: '080', ratio: '1.5' },
  });
});

test.each([
  ['values.yaml', /cannot be read.*files of values are not read/],
  ['a=1 and then some', /"then some" cannot be read/],
  ['a=1,a=2', /a is said twice/],
  ['a..b=1', /no path of a value/],
  ['db.password=hunter2', /db\.password looks like a secret/],
  ['apiKey=abc', /apiKey looks like a secret/],
  ['note=vault:partner', /note looks like a secret/],
])('%s is refused in words', (text, words) => {
  expect(read(text)).toMatch(words);
});

test('names of Secrets and switches are none', () => {
  expect(read('auth.existingSecret=db, auth.secretName=x, auth.token=false')).toEqual({
    ...{ 'auth.existingSecret': 'db', 'auth.secretName': 'x', 'auth.token': false },
  });
});

test('helm gets them as JSON, and keeps what the release has', () => {
  const values = [{ path: 'image.tag', value: "1'4" }];
  expect(valueArguments(values, 'upgrade')).toEqual([
    '--reset-then-reuse-values',
    '--set-json',
    `image.tag="1'4"`,
  ]);
  expect(valueArguments(values, 'install')).toEqual(['--set-json', `image.tag="1'4"`]);
  expect(valueArguments([], 'upgrade')).toEqual([]);
  expect(valuesInWords([...values, { path: 'n', value: 2 }])).toBe(" with image.tag=1'4 and n=2");
  expect(valuesByHand(values, 'install')).toBe(` --set-json 'image.tag="1'\\''4"'`);
});
