import { z } from 'zod';
import type { ReleaseChange } from './change.ts';
import { type ChartInput, chartPlan } from './chart-plan.ts';
import { tryChart } from './try-objects.ts';

/** What people say of a chart and the release that it makes. */
export const chartRequest = z.strictObject({
  chart: z.string().optional(),
  release: z.string().optional(),
  version: z.string().optional(),
  namespace: z.string().optional(),
  environment: z.string().optional(),
});

/** The same with changes of values. */
export const valuedRequest = chartRequest.extend({
  values: z
    .string()
    .optional()
    .describe('Changes of values as --set takes them: image.tag=1.4.3, replicas=3.'),
});

/** A release that becomes what a chart renders to. */
export function chartChange(verb: 'install' | 'upgrade'): ReleaseChange<ChartInput> {
  return {
    plan: (helm, input) => chartPlan(helm, input, verb),
    marks: true,
    made: ({ status, description }, _input, mark) => status === 'deployed' && description === mark,
    tryOut: tryChart,
  };
}
