import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type MetricInfo, metricTable } from '../../src/domain/metrics.ts';

// Docs, alerts and dashboard are held against the table of metrics, and each alert against what operations.md says.

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

type Rule = {
  alert: string;
  expr: string;
  annotations: Record<string, string>;
  labels: { severity: string };
};
const { groups } = parse(read('helm/reign/files/rules.yaml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const metrics = Object.entries<MetricInfo>(metricTable);

it('docs/telemetry.md lists every metric', async () => {
  const rows = metrics.map(([name, { kind, labels, help }]) => [
    ...[`\`${name}\``, kind, labels.map((label) => `\`${label}\``).join(', '), help.replaceAll('|', '\\|')],
  ]);
  const table = alignedTable([['metric', 'kind', 'labels', 'means'], ...rows]);
  const [before, after] = ['-u`. -->\n\n', '\n\n<!-- End of what'];
  const text = read('docs/telemetry.md');
  const [from, to] = [text.indexOf(before) + before.length, text.indexOf(after)];
  expect(from).toBeLessThan(to);
  await expect(text.slice(0, from) + table + text.slice(to)).toMatchFileSnapshot('../../docs/telemetry.md');
});

/** As the formatter wants it. */
function alignedTable(rows: readonly string[][]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [first, ...rest] = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [first, rule, ...rest].map((row) => `| ${row?.join(' | ')} |`).join('\n');
}

it('names metrics as Prometheus wants it', () => {
  for (const [name, { kind, labels }] of metrics) {
    expect(name).toMatch(/^reign_[a-z_]+$/);
    expect(name.endsWith('_total'), name).toBe(kind === 'counter');
    if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
    // What grows with the work, or names people, is no label.
    for (const label of labels)
      expect(['plan', 'step', 'person', 'target', 'conversation']).not.toContain(label);
  }
});

it('alerts and panels ask for nothing but what is measured', () => {
  const dashboard = JSON.parse(read('helm/reign/files/dashboard.json')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  const panels = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(panels.length).toBeGreaterThan(30);
  const asked = [...panels, ...rules.map(({ expr }) => expr)].flatMap(
    (expr) => expr.match(/\breign_[a-z_]+/g) ?? [],
  );
  const known = metrics.flatMap(([name, { kind }]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );
  expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  // And each metric of the table is shown or watched somewhere.
  const unused = metrics.filter(([name]) => !asked.some((each) => each.startsWith(name)));
  expect(unused.map(([name]) => name)).toEqual([]);
});

it('each alert says what it means and what to do', () => {
  const headings = [...read('docs/operations.md').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const { alert, annotations, labels } of rules) {
    expect(annotations['summary'], alert).toBeTruthy();
    expect(annotations['description'], alert).toBeTruthy();
    expect(['critical', 'warning', 'info'], alert).toContain(labels.severity);
    const [file, anchor] = (annotations['runbook_url'] ?? '').split('#');
    expect([file, headings.includes(anchor ?? '')], alert).toEqual(['docs/operations.md', true]);
  }
});

it('each alert has a test in which it fires', () => {
  type Tests = { tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[] };
  const { tests } = parse(read('tests/telemetry/rules.test.yaml')) as Tests;
  const checks = tests.flatMap((test) => test.alert_rule_test);
  const fired = checks.filter(({ exp_alerts: alerts = [] }) => alerts.length > 0);
  expect(new Set(fired.map(({ alertname }) => alertname))).toEqual(new Set(rules.map(({ alert }) => alert)));
});
