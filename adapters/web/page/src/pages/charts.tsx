import { lazy, useCallback } from 'react';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { Select } from '../common/field.tsx';
import { Page } from '../common/page.tsx';
import { Chunk, type SectionProps } from '../shell/section.tsx';
import { chartsOf } from '../state/charts.ts';
import { useFilter } from '../state/use-filter.ts';
import { useLoaded } from '../state/use-loaded.ts';

const ChartFrame = lazy(() => import('../heavy/chart-frame.tsx'));

const periods = [
  ['1', 'the last day'],
  ['14', 'the last 14 days'],
  ['90', 'the last 90 days'],
  ['366', 'the last year'],
] as const;

/** How plans ended, how long people and steps took, how much there was to do, and what models have cost. */
export default function Charts({ route }: SectionProps) {
  const [{ days = '14' }, set] = useFilter(route);
  const load = useCallback(() => api.statistics(Number(days) || 14), [days]);
  const { data, fault } = useLoaded(load);
  const about = data?.everything === false ? 'Only what you have asked for.' : 'What Reign has done.';
  return (
    <Page title="Charts" about={about}>
      <search className="filters">
        <Select
          label="Period"
          testId="filter-days"
          value={days}
          choices={periods}
          choose={(value) => set('days', value)}
        />
      </search>
      <FaultLine fault={fault} />
      {data && (
        <div className="charts" data-testid="charts">
          {chartsOf(data).map((chart) => (
            <Chunk key={chart.title}>
              <ChartFrame chart={chart} />
            </Chunk>
          ))}
        </div>
      )}
    </Page>
  );
}
