import { sha256 } from '../../domain/json.ts';
import { expressionsFor, type Workload } from './expressions.ts';

/** A Grafana dashboard about a workload; the data source is chosen when it is imported. */
export function dashboard(workload: Workload) {
  const { name, namespace, kind } = workload;
  const it = expressionsFor(workload);
  const panels = [
    panel('Pods', 'short', [
      ['available', it.available],
      ['wanted', it.wanted],
    ]),
    panel('Restarts in 15 minutes', 'short', [['{{pod}} {{container}}', it.restarts('15m')]]),
    panel('CPU', 'short', [['{{pod}}', it.cpu]]),
    panel('Held back by the CPU limit', 'percentunit', [['{{pod}} {{container}}', it.throttledShare]]),
    panel('Memory', 'bytes', [['{{pod}}', it.memory]]),
    panel('Share of the memory limit', 'percentunit', [['{{pod}} {{container}}', it.memoryShare]]),
    panel('Received', 'Bps', [['{{pod}}', it.received]]),
    panel('Sent', 'Bps', [['{{pod}}', it.sent]]),
  ];
  return {
    // The same workload is the same dashboard each time it is imported.
    uid: `reign-${sha256(`${kind}/${namespace}/${name}`).slice(0, 16)}`,
    title: `${namespace}/${name}`,
    tags: [kind, namespace],
    timezone: 'browser',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
    },
    panels: panels.map((each, index) => ({ id: index + 1, ...each, gridPos: placeOf(index) })),
  };
}

const datasource = { type: 'prometheus', uid: '$' + '{datasource}' };

function panel(title: string, unit: string, queries: readonly (readonly [legend: string, expr: string])[]) {
  const targets = queries.map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    legendFormat,
  }));
  return {
    type: 'timeseries',
    title,
    datasource,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets,
  };
}

/** Two in a row of 24 columns. */
function placeOf(index: number) {
  return { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 };
}
