import { expect, test } from 'vitest';
import { teamsProblems } from '../../adapters/teams/limits.ts';
import { renderPost } from '../../adapters/teams/render.ts';
import type { Chart } from '../domain/chart.ts';
import type { DrawPicture } from '../domain/ports/chat-platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { chartPictures } from './chart-pictures.ts';

const draw = (await chartPictures({} as Logger)) as DrawPicture;
const latency: Chart = { kind: 'bars', title: 'Latency', unit: 'ms', bars: [{ name: 'p50', value: 3 }] };
const noise = (count: number): Chart => ({
  kind: 'lines',
  title: 'up',
  unit: '',
  series: Array.from({ length: count }, (_, each) => ({
    name: `series ${each}`,
    points: Array.from({ length: 60 }, (_, at) => [at * 60, (at * 7919 * (each + 1)) % 101] as const),
  })),
});
const teams = (chart: Chart, pictures?: DrawPicture) => {
  const content = { kind: 'text' as const, text: 'fine', chart };
  const post = { key: 'k', body: { kind: 'answer' as const, content, private: false }, planUrl: String };
  return renderPost(post, new Date(0), pictures);
};

test('a chart becomes a PNG of the width that was asked for, the same each time', () => {
  const png = Buffer.from(draw(latency, 600));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(600);
  expect(Buffer.from(draw(latency, 600)).equals(png)).toBe(true);
});

test('Teams shows it in the card, with words for who cannot see it', () => {
  const image = teams(latency, draw).card.body.at(-1);
  expect(image).toMatchObject({ type: 'Image', altText: 'Chart: Latency' });
  expect(image?.type === 'Image' && image.url.slice(0, 26)).toBe('data:image/png;base64,iVBO');
  expect(teams(latency).card.body.some(({ type }) => type === 'Image')).toBe(false);
});

test('a picture that would be too large for Teams is smaller, or left out', () => {
  for (const count of [1, 2, 6]) expect(teamsProblems(teams(noise(count), draw))).toEqual([]);
  const huge: DrawPicture = () => new Uint8Array(30_000);
  expect(teams(latency, huge).card.body.some(({ type }) => type === 'Image')).toBe(false);
  const failing: DrawPicture = () => {
    throw new Error('no');
  };
  expect(teams(latency, failing)).toEqual(teams(latency));
});
