import { z } from 'zod';
import { type ConnectionKind, findEnvironment } from '../../domain/environment.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { examples } from './alerts.examples.ts';
import { firingAlerts } from './firing.ts';

const mostRows = 50;

export const alerts = defineOperation({
  ...readParts,
  id: 'monitoring.alerts',
  version: 1,
  summary: 'Shows which alerts fire now.',
  request: z.strictObject({ environment: z.string().optional() }),
  input: z.strictObject({
    environment: z.string(),
    connection: z.string(),
    kind: z.enum(['alertmanager', 'prometheus']),
  }),
  output: z.object({
    alerts: z.array(
      z.object({
        name: z.string(),
        severity: z.string(),
        since: z.string(),
        about: z.string(),
        silenced: z.boolean(),
      }),
    ),
  }),
  examples,
  connections: ['alertmanager', 'prometheus'],
  async resolve({ environment }, reader) {
    const named =
      environment === undefined ? undefined : findEnvironment(reader.environments, environment)?.name;
    // An Alertmanager knows silences; without one, Prometheus itself tells what fires.
    const has = (kind: ConnectionKind) =>
      reader.environments.some(
        ({ name, connections }) =>
          (named === undefined || name === named) && connections.some((it) => it.kind === kind),
      );
    const kind = has('alertmanager') ? ('alertmanager' as const) : ('prometheus' as const);
    const one = onePlace(reader.environments, kind, environment);
    if (one.kind !== 'place') return one;
    return {
      kind: 'input',
      input: { environment: one.connection.environment, connection: one.connection.id, kind },
    };
  },
  assess: ({ environment, connection }) => ({
    effect: 'read',
    targets: [connection],
    environment,
    objects: 0,
    reasons: [],
  }),
  describe: ({ environment, kind }) => ({
    title: `Show the alerts of ${environment}`,
    ...(kind === 'alertmanager' ? { byHand: 'amtool alert query' } : {}),
  }),
  execute: async ({ connection, kind }, reader) => ({
    alerts: await firingAlerts(reader, { id: connection, kind }),
  }),
  render({ alerts }, { environment }) {
    if (alerts.length === 0) return { kind: 'text', text: `Nothing fires in ${environment}.` };
    const rows = alerts
      .slice(0, mostRows)
      .map(({ name, severity, since, about, silenced }) => [
        silenced ? `${name} (silenced)` : name,
        severity,
        since.slice(0, 16).replace('T', ' '),
        about,
      ]);
    const some = alerts.length > mostRows ? `${mostRows} of ` : '';
    const note = `${some}${alerts.length} firing in ${environment}`;
    return { kind: 'table', columns: ['Alert', 'Severity', 'Since (UTC)', 'About'], rows, note };
  },
});
