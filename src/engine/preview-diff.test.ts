import { expect, test } from 'vitest';
import { previewDiff } from './preview-diff.ts';

const drawn = (before: Parameters<typeof previewDiff>[0]['before'], after: typeof before) =>
  previewDiff({ before, after }).map(({ sign, text }) => `${sign}${text}`);

test('files are shown by the lines that change, with three around them', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const changed = lines.with(10, 'another');
  expect(drawn({ 'a.yaml': lines.join('\n') }, { 'a.yaml': changed.join('\n') })).toEqual([
    ...[
      ' a.yaml',
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+another',
      ' line 11',
      ' line 12',
      ' line 13',
    ],
  ]);
  expect(drawn({ 'a.yaml': 'x: 1\ny: 2\n' }, { 'a.yaml': null })).toEqual([' a.yaml', '-x: 1', '-y: 2']);
});

test('everything else is shown as JSON', () => {
  expect(drawn({ replicas: 3 }, { replicas: 6 })).toEqual([
    ' {',
    '-  "replicas": 3',
    '+  "replicas": 6',
    ' }',
  ]);
});
