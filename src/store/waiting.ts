import type pg from 'pg';
import type { GaugeName, Sample } from '../domain/metrics.ts';
import type { PlanState } from '../domain/plan.ts';

type Row = { name: GaugeName; label: string | null; value: number };

/** States that are shown also where no plan is in them. */
const openStates: readonly PlanState[] = [
  ...(['drafted', 'previewed', 'waiting-for-approval', 'waiting-for-lock', 'running'] as const),
];

/** What waits in the database, how long it has, and how far the audit is covered: one query over partial indexes. */
export async function lookAtWaiting(pool: pg.Pool): Promise<Sample[]> {
  const { rows } = await pool.query<Row>(statement);
  const found = rows.map(({ name, label, value }) => sampleOf(name, label, value));
  const open = found.filter(({ name }) => name === 'reign_plans_open').map(({ labels }) => labels['state']);
  const none = openStates.filter((state) => !open.includes(state));
  return [...found, ...none.map((state) => sampleOf('reign_plans_open', state, 0))];
}

function sampleOf(name: GaugeName, label: string | null, value: number): Sample {
  if (label === null) return { name, labels: {}, value };
  return { name, labels: name === 'reign_plans_open' ? { state: label } : { queue: label }, value };
}

const age = (since: string) => `coalesce(greatest(extract(epoch from now() - min(${since})), 0), 0)::float8`;

/** What each queue hands out, as the sweep finds it; the same names as in jobs/queues.ts. */
const queues: Readonly<Record<string, { from: string; where: string; since: string }>> = {
  gateway: { from: 'messages', where: `state = 'received'`, since: 'received_at' },
  thoughts: {
    from: 'investigations',
    where: `state = 'thinking' and lease_until is null`,
    since: 'touched_at',
  },
  looks: { from: 'investigations', where: `state = 'looking' and lease_until is null`, since: 'touched_at' },
  previews: {
    from: `(select received_at as at from messages where state = 'preparing'
      union all select coalesce(lock_requested_at, created_at) from plans
        where ended_at is null and state in ('drafted', 'previewed')) as due`,
    where: 'true',
    since: 'at',
  },
  steps: {
    from: 'steps',
    where: `state in ('ready', 'rolling-back', 'unclear', 'verifying') and lease_until is null and ended_at is null`,
    since: 'ready_at',
  },
};

const ofQueues = Object.entries(queues).flatMap(([queue, { from, where, since }]) => [
  `select 'reign_queue_waiting' as name, '${queue}' as label, count(*)::float8 as value from ${from} where ${where}`,
  `select 'reign_queue_oldest_seconds', '${queue}', ${age(since)} from ${from} where ${where}`,
]);

const others = [
  `select 'reign_outbox_waiting', null, count(*)::float8 from chat_threads where pending_since is not null`,
  `select 'reign_outbox_oldest_seconds', null, ${age('pending_since')} from chat_threads where pending_since is not null`,
  `select 'reign_plans_open', state, count(*)::float8 from plans where ended_at is null group by state`,
  `select 'reign_approvals_oldest_seconds', null,
     ${age(`coalesce(expires_at - make_interval(secs => (approval ->> 'expiresAfterSeconds')::float8), created_at)`)}
     from plans where ended_at is null and state = 'waiting-for-approval'`,
  `select 'reign_locks_oldest_wait_seconds', null, ${age('lock_requested_at')}
     from plans where ended_at is null and state = 'waiting-for-lock'`,
  `select 'reign_audit_checkpoint_age_seconds', null, ${age('e.at::timestamptz')}
     from audit_heads h join audit_events e on e.chain = h.chain and e.seq = h.checkpointed_seq + 1
     where h.seq > h.checkpointed_seq`,
];

const statement = [...ofQueues, ...others].join('\nunion all ');
