import type { ConnectionKind } from './environment.ts';
import type { FaultCode } from './fault.ts';
import type { PlanState } from './plan.ts';

export type MetricKind = 'counter' | 'histogram' | 'gauge';

/** What one metric is. `values` lists all that its one label can be: those begin at 0. */
export type MetricInfo = {
  kind: MetricKind;
  help: string;
  labels: readonly string[];
  values?: readonly string[];
  buckets?: readonly number[];
};

const outcomes: readonly PlanState[] = [
  ...(['succeeded', 'failed', 'rolled-back', 'rejected', 'expired', 'cancelled', 'needs-a-person'] as const),
];
const kinds = [
  ...['kubernetes', 'docker', 'http', 'github', 'prometheus', 'alertmanager', 'folder', 'terraform'],
  ...['api', 'mcp'],
] as readonly ConnectionKind[];
const queues = ['gateway', 'thoughts', 'looks', 'previews', 'steps'];
const cutOffs: readonly FaultCode[] = ['timeout', 'cancelled', 'too-large', 'refused', 'internal'];

const quick = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const long = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const people = [10, 60, 300, 900, 1800, 3600, 7200, 14_400, 86_400];

/**
 * Every metric of Reign's own. A label takes few values, which no person, model or target can choose: docs, rules and
 * dashboard are held against this table.
 */
export const metricTable = {
  reign_messages_total: counter('Messages stored, without repeated deliveries.', ['platform']),
  reign_acknowledgement_seconds: histogram(
    'Seconds from a message to the moment it is stored, which is when it is acknowledged.',
    ['platform'],
    quick,
  ),
  reign_http_request_duration_seconds: histogram(
    'Seconds from request to answer.',
    ['route', 'method', 'status'],
    quick,
  ),
  reign_plans_total: counter('Plans that ended, by how.', ['outcome'], outcomes),
  reign_approval_seconds: histogram(
    'Seconds from the card to the decision that let a plan start.',
    ['via'],
    people,
  ),
  reign_step_duration_seconds: histogram(
    'Seconds from a step’s first claim to its end.',
    ['operation', 'outcome'],
    long,
  ),
  reign_steps_lost_total: counter('Steps whose worker was lost in the middle.', []),
  reign_lock_wait_seconds: histogram('Seconds that a plan waited for its locks.', [], long),
  reign_queue_wait_seconds: histogram('Seconds from a job’s hand-out to its start.', ['queue'], quick),
  reign_jobs_failed_total: counter('Jobs that failed and were left to the sweep.', ['queue'], queues),
  reign_chat_errors_total: counter('Posts that a chat platform did not take.', ['platform', 'kind']),
  reign_chat_retries_total: counter('Threads whose posts wait for another try.', ['platform']),
  reign_llm_tokens_total: counter('Tokens by model: input, cached (part of the input) and output.', [
    'model',
    'kind',
  ]),
  reign_llm_cost_dollars_total: counter('US dollars by model, as priced in the configuration.', ['model']),
  reign_llm_failures_total: counter('Turns of a model that failed, by fault.', ['model', 'code']),
  reign_sandbox_refusals_total: counter(
    'Calls into the sandbox that were refused or cut off, by fault: timeout, cancelled, too-large, refused, internal (ended early).',
    ['code'],
    cutOffs,
  ),
  reign_broker_requests_total: counter(
    'Requests of steps that the broker passed on, by kind of connection.',
    ['kind'],
    kinds,
  ),
  reign_broker_refusals_total: counter(
    'Requests of steps that the broker refused, by kind of connection.',
    ['kind'],
    kinds,
  ),
  reign_queue_waiting: gauge('Work that waits for a process to take it, counted in Postgres.', ['queue']),
  reign_queue_oldest_seconds: gauge('Age of the work that has waited longest; 0 when none waits.', ['queue']),
  reign_outbox_waiting: gauge('Threads on chat platforms with posts to be delivered.', []),
  reign_outbox_oldest_seconds: gauge('Age of the thread that has waited longest; 0 when none waits.', []),
  reign_plans_open: gauge('Plans under way, by state.', ['state']),
  reign_approvals_oldest_seconds: gauge(
    'Age of the plan that has waited longest for approval; 0 when none waits.',
    [],
  ),
  reign_locks_oldest_wait_seconds: gauge(
    'Age of the plan that has waited longest for a lock; 0 when none waits.',
    [],
  ),
  reign_audit_checkpoint_age_seconds: gauge(
    'Age of the oldest audit event that no signed checkpoint covers; 0 when all are covered.',
    [],
  ),
  reign_dependency_up: gauge('1 when Postgres or Redis answers this process.', ['dependency']),
  reign_build_info: gauge(
    '1; what runs: version, role, Node and the first characters of the policy’s hash.',
    ['version', 'role', 'node', 'policy'],
  ),
} as const satisfies Record<string, MetricInfo>;

type Table = typeof metricTable;
export type MetricName = keyof Table;
type NameOf<Kind extends MetricKind> = {
  [Name in MetricName]: Table[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type MeasureName = NameOf<'histogram'>;
export type GaugeName = NameOf<'gauge'>;
export type Labels<Name extends MetricName> = { readonly [Label in Table[Name]['labels'][number]]: string };

/** One value of a gauge, as it was found when somebody asked. */
export type Sample = { name: GaugeName; labels: Readonly<Record<string, string>>; value: number };

function counter<const Label extends readonly string[]>(
  help: string,
  labels: Label,
  values: readonly string[] = [],
) {
  return { kind: 'counter' as const, help, labels, values };
}

function histogram<const Label extends readonly string[]>(
  help: string,
  labels: Label,
  buckets: readonly number[],
) {
  return { kind: 'histogram' as const, help, labels, buckets };
}

function gauge<const Label extends readonly string[]>(help: string, labels: Label) {
  return { kind: 'gauge' as const, help, labels };
}
