import type { Chart, Drawing, Shape } from './chart.ts';
import { clip } from './text.ts';

const width = 600;
const plot = { left: 60, right: 16, top: 34, height: 160 };
const row = 18;
const mostSeries = 6;
const mostBars = 8;
const colours = ['#2563eb', '#dc2626', '#16a34a', '#d97706', '#7c3aed', '#0891b2'];
const ink = '#374151';

/** Draws a chart: lines over time with a legend, or bars with their values. The same chart gives the same drawing. */
export function drawChart(chart: Chart): Drawing {
  const { title, unit } = chart;
  const head = text(12, 20, `${clip(title, 70)}${unit === '' ? '' : ` (${clip(unit, 12)})`}`, {
    fontWeight: 'bold',
  });
  const { shapes, height } = chart.kind === 'lines' ? lines(chart) : bars(chart);
  const paper: Shape = { tag: 'rect', attributes: { x: 0, y: 0, width, height, fill: '#ffffff' } };
  return { width, height, title, shapes: [paper, head, ...shapes] };
}

type Part = { shapes: Shape[]; height: number };

function lines({ series }: Chart & { kind: 'lines' }): Part {
  const shown = series
    .map(({ name, points }) => ({ name, points: points.filter(([, value]) => Number.isFinite(value)) }))
    .filter(({ points }) => points.length > 0)
    .slice(0, mostSeries);
  const all = shown.flatMap(({ points }) => points);
  const [start, end] = rangeOf(all.map(([time]) => time));
  const ticks = niceTicks(...rangeOf(all.map(([, value]) => value)));
  const across = (time: number) =>
    round(plot.left + ((time - start) / (end - start || 1)) * (width - plot.left - plot.right));
  const up = scaleOf(ticks);
  const drawn = shown.map(({ points }, index): Shape => {
    const path = points.map(([time, value]) => `${across(time)},${up(value)}`).join(' ');
    const stroke = colours[index] ?? ink;
    return { tag: 'polyline', attributes: { points: path, fill: 'none', stroke, strokeWidth: 2 } };
  });
  const foot = plot.top + plot.height;
  const times = [start, (start + end) / 2, end].map((time, index) =>
    text(across(time), foot + 16, clock(time), {
      textAnchor: (['start', 'middle', 'end'] as const)[index] ?? 'end',
    }),
  );
  const legend = shown.flatMap(({ name }, index) => {
    const y = foot + 34 + index * row;
    const square: Shape = {
      tag: 'rect',
      attributes: { x: plot.left, y: y - 9, width: 10, height: 10, fill: colours[index] ?? ink },
    };
    return [square, text(plot.left + 16, y, clip(name, 76))];
  });
  const shapes = all.length === 0 ? [] : [...grid(ticks, up), ...times, ...drawn, ...legend];
  return { shapes, height: foot + 34 + shown.length * row };
}

function bars({ bars: given, unit }: Chart & { kind: 'bars' }): Part {
  const shown = given.filter(({ value }) => Number.isFinite(value)).slice(0, mostBars);
  const longest = Math.max(0, ...shown.map(({ value }) => value)) || 1;
  const room = width - 110 - 110;
  const shapes = shown.flatMap(({ name, value }, index): Shape[] => {
    const y = plot.top + index * 26;
    const length = round(Math.max(1, (Math.max(0, value) / longest) * room));
    const fill = colours[0] ?? ink;
    return [
      text(100, y + 15, clip(name, 14), { textAnchor: 'end' }),
      { tag: 'rect', attributes: { x: 110, y, width: length, height: 20, fill } },
      text(116 + length, y + 15, `${number(value)} ${clip(unit, 12)}`.trim()),
    ];
  });
  return { shapes, height: plot.top + shown.length * 26 + 10 };
}

function grid(ticks: readonly number[], up: (value: number) => number): Shape[] {
  return ticks.flatMap((tick): Shape[] => {
    const y = up(tick);
    const line = { x1: plot.left, y1: y, x2: width - plot.right, y2: y, stroke: '#e5e7eb', strokeWidth: 1 };
    return [
      { tag: 'line', attributes: line },
      text(plot.left - 8, y + 4, number(tick), { textAnchor: 'end' }),
    ];
  });
}

function text(x: number, y: number, words: string, more: Record<string, string> = {}): Shape {
  return {
    tag: 'text',
    attributes: { x, y, fill: ink, fontSize: 12, fontFamily: 'sans-serif', ...more },
    text: words,
  };
}

function scaleOf(ticks: readonly number[]): (value: number) => number {
  const [low, high] = rangeOf(ticks);
  return (value) => round(plot.top + plot.height - ((value - low) / (high - low || 1)) * plot.height);
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0] ?? 0, values[0] ?? 0],
  );
}

/** About four round numbers that span the values; all that is equal gets some room. */
function niceTicks(low: number, high: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const count = Number.isFinite(step) ? Math.min(10, last - first + 1) : 0;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function number(value: number): string {
  const [divisor, unit] = (
    [
      [1e9, 'G'],
      [1e6, 'M'],
      [1e4, 'k'],
    ] as const
  ).find(([least]) => Math.abs(value) >= least) ?? [1, ''];
  return `${Number((value / (unit === 'k' ? 1000 : divisor)).toPrecision(4))}${unit}`;
}

function clock(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? '' : `${time.toISOString().slice(11, 16)} UTC`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
