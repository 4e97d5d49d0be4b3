import { expect, test } from 'vitest';
import { type Chart, svgOf } from './chart.ts';
import { drawChart } from './draw-chart.ts';

const start = Date.UTC(2026, 10, 22, 10) / 1000;
const chart = (series: (Chart & { kind: 'lines' })['series']): Chart => ({
  kind: 'lines',
  title: 'up',
  unit: '',
  series,
});
const words = (each: Chart) => drawChart(each).shapes.flatMap(({ text }) => text ?? []);

test('lines over time have round numbers beside them, times below, and a legend', () => {
  const points = [1.2, 7.9, 3].map((value, index) => [start + index * 1800, value] as const);
  const drawn = drawChart(chart([{ name: 'web', points }]));
  expect(words(chart([{ name: 'web', points }]))).toEqual([
    ...['up', '0', '2', '4', '6', '8', '10:00 UTC', '10:30 UTC', '11:00 UTC', 'web'],
  ]);
  const [line] = drawn.shapes.filter(({ tag }) => tag === 'polyline');
  expect(line?.attributes['points']).toBe('60,170 322,36 584,134');
});

test('bars have their values', () => {
  const bars = [
    { name: 'p50', value: 12 },
    { name: 'p99', value: 48_000 },
  ];
  expect(words({ kind: 'bars', title: 'Latency', unit: 'ms', bars })).toEqual([
    ...['Latency (ms)', 'p50', '12 ms', 'p99', '48k ms'],
  ]);
});

test.each([
  [[]],
  [[{ name: 'none', points: [] }]],
  [[{ name: 'one', points: [[start, 5]] }]],
  [
    [
      {
        name: 'same',
        points: [
          [start, 0],
          [start + 60, 0],
        ],
      },
    ],
  ],
  [
    [
      {
        name: 'odd',
        points: [
          [start, Number.NaN],
          [start + 60, Number.POSITIVE_INFINITY],
        ],
      },
    ],
  ],
  [
    [
      {
        name: 'huge',
        points: [
          [start, 1e300],
          [start + 60, -1e300],
        ],
      },
    ],
  ],
  [
    [
      {
        name: 'tiny',
        points: [
          [start, 1e-320],
          [start + 60, 2e-320],
        ],
      },
    ],
  ],
] as (Chart & { kind: 'lines' })['series'][][])('%j is drawn without a hole', (series) => {
  const svg = svgOf(drawChart(chart(series)));
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('names from outside stay text', () => {
  const svg = svgOf(drawChart(chart([{ name: '</text><script>&"\u0000\ud800', points: [[start, 1]] }])));
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&#60;/text&#62;&#60;script&#62;&#38;&#34;\ufffd\ufffd');
});
