import { type SQL, sql } from 'drizzle-orm';
import type { Statistics, StatisticsFilter } from '../domain/statistics.ts';
import type { Database } from './store.ts';

/** Operations whose durations are told. */
const mostOperations = 12;

/** What has happened, counted by the hour or the day (UTC). `slow` is the 95th percentile. */
export async function readStatistics(database: Database, filter: StatisticsFilter): Promise<Statistics> {
  const rows = async <Row>(query: SQL): Promise<Row[]> => {
    return (await database.execute(query)).rows as Row[];
  };
  const [outcomes, approvals, durations, load, cost] = await Promise.all([
    rows<Statistics['outcomes'][number]>(outcomesOf(filter)),
    rows<Statistics['approvals'][number]>(approvalsOf(filter)),
    rows<Statistics['durations'][number]>(durationsOf(filter)),
    rows<Statistics['load'][number]>(loadOf(filter)),
    rows<Statistics['cost'][number]>(costOf(filter)),
  ]);
  return { outcomes, approvals, durations, load, cost };
}

function bucketOf(column: string, bucket: StatisticsFilter['bucket']): SQL {
  const start = sql`date_trunc(${sql.raw(`'${bucket}'`)}, ${sql.raw(column)} at time zone 'UTC')`;
  return sql`to_char(${start}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

function askedBy(column: string, person: string | undefined): SQL {
  return person === undefined ? sql`true` : sql`${sql.raw(column)} = ${person}`;
}

function outcomesOf({ since, bucket, person }: StatisticsFilter): SQL {
  return sql`
    select ${bucketOf('ended_at', bucket)} as at, state, count(*)::int as plans
    from plans
    where ended_at >= ${since.toISOString()} and ${askedBy('requester', person)}
    group by 1, 2 order by 1, 2`;
}

function approvalsOf({ since, bucket, person }: StatisticsFilter): SQL {
  return sql`
    select ${bucketOf('started_at', bucket)} as at, count(*)::int as plans,
      ${percentile(0.5, 'started_at - created_at')} as median,
      ${percentile(0.95, 'started_at - created_at')} as slow
    from plans
    where started_at >= ${since.toISOString()} and approval ->> 'kind' = 'ask'
      and ${askedBy('requester', person)}
    group by 1 order by 1`;
}

function durationsOf({ since, person }: StatisticsFilter): SQL {
  return sql`
    select operation, count(*)::int as steps,
      (count(*) filter (where steps.state in ('failed', 'unclear', 'roll-back-failed')))::int as failed,
      ${percentile(0.5, 'steps.ended_at - steps.started_at')} as median,
      ${percentile(0.95, 'steps.ended_at - steps.started_at')} as slow
    from steps join plans on plans.id = steps.plan_id
    where steps.ended_at >= ${since.toISOString()} and steps.started_at is not null
      and ${askedBy('requester', person)}
    group by operation order by count(*) desc, operation limit ${mostOperations}`;
}

function loadOf({ since, bucket, person }: StatisticsFilter): SQL {
  const from = since.toISOString();
  return sql`
    select at, sum(messages)::int as messages, sum(plans)::int as plans, sum(steps)::int as steps
    from (
      select ${bucketOf('received_at', bucket)} as at, 1 as messages, 0 as plans, 0 as steps
      from messages where received_at >= ${from} and ${askedBy('person', person)}
      union all
      select ${bucketOf('created_at', bucket)}, 0, 1, 0
      from plans where created_at >= ${from} and ${askedBy('requester', person)}
      union all
      select ${bucketOf('steps.started_at', bucket)}, 0, 0, 1
      from steps join plans on plans.id = steps.plan_id
      where steps.started_at >= ${from} and ${askedBy('requester', person)}
    ) as happened
    group by at order by at`;
}

function costOf({ since, bucket, person }: StatisticsFilter): SQL {
  return sql`
    select ${bucketOf('started_at', bucket)} as at,
      sum((spent ->> 'usd')::float8) as usd,
      sum((spent ->> 'inputTokens')::int + (spent ->> 'outputTokens')::int)::int as tokens,
      count(*)::int as investigations
    from investigations
    where started_at >= ${since.toISOString()} and ${askedBy('person', person)}
    group by 1 order by 1`;
}

function percentile(part: number, interval: string): SQL {
  const seconds = sql.raw(`extract(epoch from ${interval})::float8`);
  return sql`round(percentile_cont(${sql.raw(`${part}`)}) within group (order by ${seconds})::numeric, 2)::float8`;
}
