import { expect, it } from 'vitest';
import type { Charts } from '../api.ts';
import { chartsOf } from './charts.ts';

const counted: Charts = {
  since: '2026-11-20T00:00:00Z',
  bucket: 'day',
  everything: true,
  outcomes: [
    { at: '2026-11-21T00:00:00Z', state: 'succeeded', plans: 4 },
    { at: '2026-11-22T00:00:00Z', state: 'failed', plans: 1 },
  ],
  approvals: [],
  durations: [{ operation: 'kubernetes.scale', steps: 5, failed: 1, median: 2.5, slow: 9 }],
  load: [],
  cost: [],
};

it('draws an outcome that a day has none of as nothing', () => {
  const [ended] = chartsOf(counted);
  expect(ended?.labels).toEqual(['2026-11-21', '2026-11-22']);
  expect(ended?.series.map(({ name, values }) => [name, values])).toEqual([
    ['succeeded', [4, 0]],
    ['failed', [0, 1]],
  ]);
});

it('labels hours by day and time', () => {
  expect(chartsOf({ ...counted, bucket: 'hour' })[0]?.labels).toEqual(['11-21 00:00', '11-22 00:00']);
});
