import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { verifyAudit } from '../../src/engine/verify-audit.ts';
import { createAuditSource } from '../../src/store/audit-store.ts';
import { startAlone } from '../support/alone.ts';
import { cardMilliseconds } from './card.ts';
import { chatAcknowledgement } from './chat.ts';
import { floorPerSecond } from './floor.ts';
import { measureSandbox } from './sandbox.ts';
import { benchServices, percentile } from './services.ts';
import { stepsPerSecond, stepsPerSecondOf } from './steps.ts';

/** `npm run bench [-- --json] [--quick]`: ratios within one run; the last line is JSON. */
const root = path.resolve(import.meta.dirname, '..');
const quick = process.argv.includes('--quick');
const say = (text: string) => process.argv.includes('--json') || process.stdout.write(`${text}\n`);

const results: Record<string, number> = {};
const note = (values: Record<string, number>) => {
  for (const [name, value] of Object.entries(values)) {
    results[name] = Math.round(value * 1000) / 1000;
    say(`${name.padEnd(24)} ${results[name]}`);
  }
};

const services = await benchServices(root);
try {
  const floor = await floorPerSecond(services.databaseUrl, services.redisUrl, quick ? 1_000 : 5_000);
  note({ floor_per_s: floor });
  const few = await stepsPerSecond(services, quick ? 500 : 3_000);
  await few.pool.end();
  note({ steps_per_s: few.perSecond, ratio: few.perSecond / floor });
  for (const workers of [1, 2, 4])
    note({
      [`steps_per_s_${workers}_workers`]: await stepsPerSecondOf(workers, services, quick ? 500 : 3_000),
    });
  const many = await stepsPerSecond(services, quick ? 2_000 : 20_000);
  const at20000 = many.perSecond / floor;
  note({ database_kb_per_plan: (await kilobytes(many.pool)) / (await plansIn(many.pool)) });
  note({ ratio_at_20000: at20000, ratio_at_20000_of_ratio: at20000 / (few.perSecond / floor) });
  const started = performance.now();
  const report = await verifyAudit(createAuditSource(many.pool), { verify: () => false });
  if (!report.ok) throw new Error(`${report.problem.where}: ${report.problem.what}`);
  note({ audit_rows_per_s: report.rows / ((performance.now() - started) / 1000) });
  await many.pool.end();
} finally {
  await services.stop();
}
note(await measureSandbox(root));
note(await chatAcknowledgement(root, quick ? 10 : 120));

const reign = await startAlone(root);
try {
  const idle = memoryMb(reign.pid);
  const times = await cardMilliseconds(reign.api, quick ? 20 : 150);
  note({
    ...{ card_ms_p50: percentile(times, 0.5), card_ms_p95: percentile(times, 0.95) },
    card_ms_p99: percentile(times, 0.99),
  });
  note({ rss_mb_idle: idle, rss_mb_after: memoryMb(reign.pid) });
} finally {
  await reign.stop();
}
process.stdout.write(`${JSON.stringify(results)}\n`);

async function kilobytes(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query('select pg_database_size(current_database()) / 1024 as size');
  return Number(rows[0].size);
}

async function plansIn(pool: pg.Pool): Promise<number> {
  return Number((await pool.query('select count(*) as plans from plans')).rows[0].plans);
}

function memoryMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}
