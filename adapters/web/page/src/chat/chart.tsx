import { createElement } from 'react';
import type { Chart as ChartData } from '../../../../../src/domain/chart.ts';
import { drawChart } from '../../../../../src/domain/draw-chart.ts';

/** A picture of numbers; what it shows is said in words beside it. */
export function Chart({ chart }: { chart: ChartData }) {
  const { width, height, title, shapes } = drawChart(chart);
  return (
    <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Chart: ${title}`}>
      {shapes.map(({ tag, attributes, text }) =>
        createElement(tag, { key: `${tag} ${JSON.stringify(attributes)}`, ...attributes }, text),
      )}
    </svg>
  );
}
