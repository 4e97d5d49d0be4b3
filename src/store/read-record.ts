import { getTableColumns } from 'drizzle-orm';
import type { PlanSight } from '../engine/ports.ts';
import { toDecision, toFreeze, toPlan, toStep } from './rows.ts';
import * as schema from './schema.ts';

type Row = Record<string, unknown>;
type JsonRecord = { plan: Row; steps: Row[]; decisions: Row[]; freezes: Row[] } | null;

/** A plan as `lock_plan` gives it: rows as JSON, with the database's column names. */
export function readRecord(record: JsonRecord): PlanSight | undefined {
  if (record === null) return undefined;
  return {
    plan: toPlan(planRow(record.plan) as never),
    steps: record.steps.map((row) => toStep(stepRow(row) as never)),
    decisions: record.decisions.map((row) => toDecision(decisionRow(row) as never)),
    freezes: record.freezes.map((row) => toFreeze(freezeRow(row) as never)),
  };
}

const planRow = rowReader(schema.plans);
const stepRow = rowReader(schema.steps);
const decisionRow = rowReader(schema.decisions);
const freezeRow = rowReader(schema.freezes);

function rowReader(table: Parameters<typeof getTableColumns>[0]): (row: Row) => Row {
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
