import { getTableColumns } from 'drizzle-orm';
import type { PlanRecord } from '../engine/ports.ts';
import { toDecision, toPlan, toStep } from './rows.ts';
import * as schema from './schema.ts';

type Row = Record<string, unknown>;
type JsonRecord = { plan: Row; steps: Row[]; decisions: Row[] } | null;

/** A plan as `lock_plan` gives it: rows as JSON, with the database's column names. */
export function readRecord(record: JsonRecord): PlanRecord | undefined {
  if (record === null) return undefined;
  return {
    plan: toPlan(planRow(record.plan) as never),
    steps: record.steps.map((row) => toStep(stepRow(row) as never)),
    decisions: record.decisions.map((row) => toDecision(decisionRow(row) as never)),
  };
}

const planRow = rowReader(schema.plans);
const stepRow = rowReader(schema.steps);
const decisionRow = rowReader(schema.decisions);

function rowReader(
  table: typeof schema.plans | typeof schema.steps | typeof schema.decisions,
): (row: Row) => Row {
  const columns = Object.entries(getTableColumns(table)).map(([key, { name, dataType }]) => {
    return { key, name, date: dataType === 'date' };
  });
  return (row) => {
    const read: Row = {};
    for (const { key, name, date } of columns) {
      const value = row[name];
      read[key] = date && typeof value === 'string' ? new Date(value) : value;
    }
    return read;
  };
}
