import { stringify } from 'yaml';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { ask, askJson, refusalOf } from './ask.ts';
import { dashboard } from './dashboard.ts';
import { findInCluster, pathOf, watchedKinds } from './find-in-cluster.ts';
import { examples } from './generate.examples.ts';
import { prometheusRule } from './prometheus-rule.ts';
import { type Service, serviceMonitor } from './service-monitor.ts';

const made = {
  servicemonitor: 'ServiceMonitor',
  prometheusrule: 'PrometheusRule',
  dashboard: 'Grafana dashboard',
};
type Made = keyof typeof made;

const generateInput = z.strictObject({
  kind: z.enum(['servicemonitor', 'prometheusrule', 'dashboard']),
  environment: z.string(),
  connection: z.string(),
  namespace: z.string(),
  of: z.enum(watchedKinds),
  name: z.string(),
});
type Input = z.infer<typeof generateInput>;

export const generate = defineOperation({
  ...readParts,
  id: 'monitoring.generate',
  version: 1,
  summary:
    'Writes a ServiceMonitor, a PrometheusRule or a Grafana dashboard for something that runs, as text.',
  request: z.strictObject({
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: generateInput,
  output: z.object({ content: z.string(), operator: z.boolean() }),
  examples,
  connections: ['kubernetes'],
  async resolve({ kind: said, ...request }, reader) {
    const kind = said === undefined ? undefined : kindOf(said);
    if (kind === undefined) {
      const options = Object.entries(made).map(([kind, label]) => ({ label, patch: { kind } }));
      const text = said === undefined ? 'What shall I write?' : `I do not write a ${said}. What shall it be?`;
      return { kind: 'question', question: { text, field: 'kind', options } };
    }
    const kinds = watchedKinds.filter((each) => (each === 'service') === (kind === 'servicemonitor'));
    const found = await findInCluster({ ...request, kinds }, reader);
    if (found.kind !== 'found') return found;
    const { connection, namespace, name, kind: of } = found.found;
    const { id, environment } = connection;
    return { kind: 'input', input: { kind, environment, connection: id, namespace, of, name } };
  },
  assess: ({ environment, connection, namespace, of, name }) => ({
    effect: 'read',
    targets: [`${connection}/${namespace}/${of}/${name}`],
    environment,
    place: `${environment}/${namespace}`,
    objects: 0,
    reasons: [],
  }),
  describe: ({ kind, environment, namespace, of, name }) => ({
    title: `Write a ${made[kind]} for ${of} ${namespace}/${name} in ${environment}`,
  }),
  async execute(input, reader) {
    const content = await contentFor(input, reader);
    return { content, operator: input.kind === 'dashboard' || (await hasOperator(input, reader)) };
  },
  render({ content, operator }, { kind }) {
    const use =
      kind === 'dashboard'
        ? 'In Grafana: Dashboards, New, Import.'
        : 'Save it and apply it with kubectl. Your Prometheus may choose by labels: add those that it asks for.';
    const missing = operator
      ? ''
      : ' This cluster does not know the kind yet: it needs the Prometheus operator.';
    return { kind: 'lines', lines: content.trimEnd().split('\n'), note: `${use}${missing}` };
  },
});

/** "a service monitor", "alert rules", "Grafana dashboard". */
function kindOf(said: string): Made | undefined {
  const word = said.toLowerCase().replace(/[^a-z]/g, '');
  if (/servicemon|podmonitor|scrape/.test(word)) return 'servicemonitor';
  if (/rule|alert/.test(word)) return 'prometheusrule';
  return /dashb|grafana|panel/.test(word) ? 'dashboard' : undefined;
}

async function contentFor({ kind, connection, namespace, of, name }: Input, reader: Reader): Promise<string> {
  const path = pathOf(of, namespace, name);
  const found = await askJson<Service>(reader, connection, { method: 'GET', path });
  if (kind === 'servicemonitor') return yaml(serviceMonitor({ name, namespace }, found));
  if (of === 'service') throw new FaultError('bad-request', `A ${made[kind]} is about a workload.`);
  const workload = { name, namespace, kind: of };
  if (kind === 'prometheusrule') return yaml(prometheusRule(workload));
  return `${JSON.stringify(dashboard(workload), null, 2)}\n`;
}

/** Long expressions stay on their lines, and nothing is an alias. */
function yaml(object: object): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

async function hasOperator({ connection }: Input, reader: Reader): Promise<boolean> {
  const asked = { method: 'GET', path: '/apis/monitoring.coreos.com/v1' };
  const answer = await ask(reader, connection, asked);
  if (answer.status === 404) return false;
  if (answer.status === 200 && answer.text.startsWith('{')) return true;
  throw refusalOf(connection, answer);
}
