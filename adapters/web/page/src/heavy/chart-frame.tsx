import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'react';
import { TableFrame } from '../common/table-frame.tsx';
import type { ChartData } from '../state/charts.ts';
import type { Tone } from '../words.ts';
import { useDark } from './use-dark.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** A chart, and the same numbers as a table. */
export default function ChartFrame({ chart }: { chart: ChartData }) {
  const place = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are other ones in the dark
  useEffect(() => {
    if (!place.current) return;
    const drawn = new Chart(place.current, configuration(chart, place.current));
    return () => drawn.destroy();
  }, [chart, dark]);
  return (
    <section className="panel" aria-label={chart.title} data-testid="chart">
      <h3>{chart.title}</h3>
      {chart.labels.length === 0 ? (
        <p className="quiet">Nothing in this time.</p>
      ) : (
        <>
          <div className="chart-frame">
            <canvas
              ref={place}
              role="img"
              aria-label={`${chart.title}; the numbers are in the table below`}
            />
          </div>
          <details>
            <summary>As a table</summary>
            <Numbers chart={chart} />
          </details>
        </>
      )}
    </section>
  );
}

function Numbers({ chart: { title, labels, series } }: { chart: ChartData }) {
  return (
    <TableFrame label={title}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          {series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label, index) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {series.map(({ name, values }) => (
              <td key={name}>{values[index]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

const colourNames: Record<Tone, string> = {
  quiet: '--soft',
  active: '--accent',
  good: '--good',
  warn: '--warn',
  bad: '--bad',
};

function configuration({ kind, stacked, labels, series }: ChartData, place: HTMLElement) {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { ticks: { color: colour('--soft') }, grid: { color: colour('--line') }, stacked };
  return {
    type: kind,
    data: {
      labels: [...labels],
      datasets: series.map(({ name, tone, values }) => ({
        label: name,
        data: [...values],
        backgroundColor: colour(colourNames[tone]),
        borderColor: colour(colourNames[tone]),
      })),
    },
    options: {
      animation: false as const,
      maintainAspectRatio: false,
      scales: { x: axis, y: { ...axis, beginAtZero: true } },
      plugins: { legend: { labels: { color: colour('--ink') } } },
    },
  };
}
