import type { Tool } from '../../domain/operation.ts';
import { alerts } from './alerts.ts';
import { check } from './check.ts';
import { generate } from './generate.ts';
import { loadTest } from './load_test.ts';
import { query } from './query.ts';
import { silence } from './silence.ts';

/** What Reign can see of a service from outside, and what its monitoring says. */
export const monitoring: Tool = {
  name: 'monitoring',
  summary:
    'Checks and load-tests addresses, asks Prometheus, shows and silences alerts, writes what watches a service.',
  operations: [check, query, alerts, silence, loadTest, generate],
};
