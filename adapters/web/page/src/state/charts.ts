import type { Charts } from '../api.ts';
import { planStates, type Tone } from '../words.ts';

export type Series = { name: string; tone: Tone; values: readonly number[] };

/** One chart: a value of each series for each label. */
export type ChartData = {
  title: string;
  kind: 'bar' | 'line';
  stacked: boolean;
  labels: readonly string[];
  series: readonly Series[];
};

/** What was counted, as charts; one without anything to show has no labels. */
export function chartsOf(counted: Charts): ChartData[] {
  const { bucket, approvals, durations, load, cost } = counted;
  // A whole day and a whole year begin and end in an hour, and on a day, of the same name.
  const label = (at: string) => (bucket === 'hour' ? at.slice(5, 16).replace('T', ' ') : at.slice(0, 10));
  return [
    outcomes(counted, label),
    {
      title: 'Time to approval, seconds',
      kind: 'line',
      stacked: false,
      labels: approvals.map(({ at }) => label(at)),
      series: [
        { name: 'median', tone: 'active', values: approvals.map(({ median }) => median) },
        { name: '95th percentile', tone: 'warn', values: approvals.map(({ slow }) => slow) },
      ],
    },
    {
      title: 'Duration of steps, seconds',
      kind: 'bar',
      stacked: false,
      labels: durations.map(({ operation }) => operation),
      series: [
        { name: 'median', tone: 'active', values: durations.map(({ median }) => median) },
        { name: '95th percentile', tone: 'warn', values: durations.map(({ slow }) => slow) },
      ],
    },
    {
      title: 'Load',
      kind: 'bar',
      stacked: false,
      labels: load.map(({ at }) => label(at)),
      series: [
        { name: 'messages', tone: 'quiet', values: load.map(({ messages }) => messages) },
        { name: 'plans', tone: 'active', values: load.map(({ plans }) => plans) },
        { name: 'steps', tone: 'good', values: load.map(({ steps }) => steps) },
      ],
    },
    {
      title: 'Cost of language models, US dollars',
      kind: 'bar',
      stacked: false,
      labels: cost.map(({ at }) => label(at)),
      series: [{ name: 'dollars', tone: 'active', values: cost.map(({ usd }) => usd) }],
    },
  ];
}

function outcomes({ outcomes: ended }: Charts, label: (at: string) => string): ChartData {
  const starts = [...new Set(ended.map(({ at }) => at))];
  const states = [...new Set(ended.map(({ state }) => state))];
  return {
    title: 'Plans that ended',
    kind: 'bar',
    stacked: true,
    labels: starts.map(label),
    series: states.map((state) => ({
      name: planStates[state].words,
      tone: planStates[state].tone,
      values: starts.map((at) => ended.find((each) => each.at === at && each.state === state)?.plans ?? 0),
    })),
  };
}
