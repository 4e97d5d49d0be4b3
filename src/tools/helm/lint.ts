import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { assessChart, chartPlace, chartReadParts, placeChart } from './chart-read.ts';
import { copyChart } from './charts.ts';
import { examples } from './lint.examples.ts';
import { helmAlone, newFolder } from './run-helm.ts';

export const lint = defineOperation({
  ...chartReadParts,
  id: 'helm.lint',
  version: 1,
  summary: 'Checks a chart of a configured folder for mistakes.',
  request: z.strictObject({ chart: z.string().optional(), environment: z.string().optional() }),
  input: chartPlace,
  output: z.object({ passed: z.boolean(), findings: z.array(z.string()) }),
  connections: ['folder'],
  examples,
  async resolve(request, reader) {
    const placed = await placeChart(request, reader);
    return placed.kind === 'placed' ? { kind: 'input', input: placed.place } : placed;
  },
  assess: (input) => assessChart(input),
  describe: ({ chart, path, environment }) => ({
    title: `Check chart ${chart} of ${environment}`,
    byHand: `helm lint ${quoteWord(`./${path}`)}`,
  }),
  async execute(input, reader) {
    const folder = await newFolder(reader);
    const { place } = await copyChart(reader, input, folder);
    const { exitCode, stdout } = await helmAlone(reader, folder, ['lint', place]);
    return { passed: exitCode === 0, findings: findingsIn(stdout, place) };
  },
  render: ({ passed, findings }, { chart }) => ({
    kind: 'lines',
    lines: [`${chart} ${passed ? 'passes' : 'does not pass'} helm lint.`, ...findings],
  }),
});

/** The lines of helm's report that say something about the chart. */
export function findingsIn(report: string, place: string): string[] {
  const lines = report.replaceAll(place, '.').split('\n');
  return lines.filter((line) => /^(\[(INFO|WARNING|ERROR)\]|Error )/.test(line));
}
