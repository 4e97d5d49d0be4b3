const ticks = '▁▂▃▄▅▆▇█';
const width = 30;

/** Values over time as a line of blocks, the lowest and highest of them at its ends; the widest gaps are averaged. */
export function sparkline(values: readonly number[]): string {
  const finite = squeeze(values.filter(Number.isFinite));
  if (finite.length === 0) return '';
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const level = (value: number) =>
    high === low ? 0 : Math.round(((value - low) / (high - low)) * (ticks.length - 1));
  return finite.map((value) => ticks[level(value)]).join('');
}

/** A number with four digits that say something. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e9
    ? String(value)
    : String(Number(value.toPrecision(4)));
}

function squeeze(values: readonly number[]): number[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, index) => {
    const part = values.slice(
      Math.floor((index * values.length) / width),
      Math.floor(((index + 1) * values.length) / width),
    );
    return part.reduce((sum, each) => sum + each, 0) / part.length;
  });
}
