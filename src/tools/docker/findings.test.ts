import { expect, test } from 'vitest';
import { findings, type Scanner, scanners } from './findings.ts';

const [trivy, grype] = scanners as [Scanner, Scanner];

test('reads a report of trivy, each finding once, the weightiest first', () => {
  const low = { VulnerabilityID: 'CVE-1', PkgName: 'zlib', InstalledVersion: '1', Severity: 'LOW' };
  const bad = { ...low, VulnerabilityID: 'CVE-2', FixedVersion: '2', Severity: 'CRITICAL' };
  const report = { Results: [{ Vulnerabilities: [low, bad, low] }, { Vulnerabilities: null }, {}] };
  expect(findings(trivy, JSON.stringify(report))).toEqual([
    { id: 'CVE-2', severity: 'critical', component: 'zlib', installed: '1', fixed: '2' },
    { id: 'CVE-1', severity: 'low', component: 'zlib', installed: '1', fixed: '' },
  ]);
  expect(findings(trivy, '{"SchemaVersion":2}')).toEqual([]);
});

test('reads a report of grype', () => {
  const artifact = { name: 'openssl', version: '3.0' };
  const matches = [
    { vulnerability: { id: 'CVE-3', severity: 'Negligible' }, artifact },
    { vulnerability: { id: 'CVE-4', severity: 'High', fix: { versions: ['3.1', '3.2'] } }, artifact },
    { vulnerability: { id: 'CVE-5', severity: 'odd', fix: { versions: [] } }, artifact },
  ];
  expect(
    findings(grype, JSON.stringify({ matches })).map(({ id, severity, fixed }) => [id, severity, fixed]),
  ).toEqual([
    ['CVE-4', 'high', '3.1, 3.2'],
    ['CVE-3', 'low', ''],
    ['CVE-5', 'unknown', ''],
  ]);
});

test.each(['', 'no JSON', '[]', '{"matches":1}', '{"matches":[{}]}', '{"matches":[{"vuln'])(
  'never takes what is no report for a clean one: %j',
  (text) => {
    expect(() => findings(grype, text)).toThrow('cannot be read');
  },
);
