import { join } from 'node:path';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
type Severity = (typeof severities)[number];

export type Finding = { id: string; severity: Severity; component: string; installed: string; fixed: string };

/** A program that knows vulnerabilities. A step has no network: the program's database must be on this machine. */
export type Scanner = {
  name: 'trivy' | 'grype';
  command(archive: string, workFolder: string): { args: string[]; env: { [name: string]: string } };
  /** What to do where it finds no database. */
  needs: string;
};

export const scanners: readonly Scanner[] = [
  {
    name: 'trivy',
    command: (archive, workFolder) => ({
      args: [
        ...[
          'image',
          '--input',
          archive,
          '--format',
          'json',
          '--quiet',
          '--scanners',
          'vuln',
          '--offline-scan',
        ],
        ...['--skip-db-update', '--skip-java-db-update', '--cache-backend', 'memory'],
      ],
      env: { TRIVY_CACHE_DIR: '/usr/local/share/trivy', TMPDIR: workFolder },
    }),
    needs:
      'Its database is read from /usr/local/share/trivy: `trivy image --download-db-only --cache-dir /usr/local/share/trivy`.',
  },
  {
    name: 'grype',
    command: (archive, workFolder) => ({
      args: [`docker-archive:${archive}`, '--output', 'json', '--quiet'],
      env: {
        GRYPE_DB_CACHE_DIR: '/usr/local/share/grype',
        GRYPE_DB_AUTO_UPDATE: 'false',
        GRYPE_CHECK_FOR_APP_UPDATE: 'false',
        XDG_CACHE_HOME: join(workFolder, 'cache'),
        TMPDIR: workFolder,
      },
    }),
    needs:
      'Its database is read from /usr/local/share/grype: `GRYPE_DB_CACHE_DIR=/usr/local/share/grype grype db update`.',
  },
];

const trivyReport = z.object({
  Results: z
    .array(
      z.object({
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              InstalledVersion: z.string().default(''),
              FixedVersion: z.string().default(''),
              Severity: z.string().default(''),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

const grypeReport = z.object({
  matches: z.array(
    z.object({
      vulnerability: z.object({
        id: z.string(),
        severity: z.string().default(''),
        fix: z.object({ versions: z.array(z.string()).nullish() }).nullish(),
      }),
      artifact: z.object({ name: z.string(), version: z.string().default('') }),
    }),
  ),
});

/**
 * What a scanner's JSON report lists, each once, the weightiest first.
 * @throws FaultError `internal` for what is no report: that nothing was found is never guessed
 */
export function findings({ name }: Scanner, report: string): Finding[] {
  try {
    const value: unknown = JSON.parse(report);
    const all = name === 'trivy' ? ofTrivy(trivyReport.parse(value)) : ofGrype(grypeReport.parse(value));
    const unique = new Map(all.map((it) => [`${it.id} ${it.component} ${it.installed}`, it]));
    const weight = ({ severity }: Finding) => severities.indexOf(severity);
    return [...unique.values()].sort((a, b) => weight(a) - weight(b) || a.id.localeCompare(b.id));
  } catch (error) {
    const message = `The report of ${name} cannot be read: it may be cut, or of another version.`;
    throw new FaultError('internal', message, { cause: error });
  }
}

function ofTrivy({ Results }: z.infer<typeof trivyReport>): Finding[] {
  return (Results ?? []).flatMap(({ Vulnerabilities }) =>
    (Vulnerabilities ?? []).map((it) => ({
      id: it.VulnerabilityID,
      severity: severityOf(it.Severity),
      component: it.PkgName,
      installed: it.InstalledVersion,
      fixed: it.FixedVersion,
    })),
  );
}

function ofGrype({ matches }: z.infer<typeof grypeReport>): Finding[] {
  return matches.map(({ vulnerability: { id, severity, fix }, artifact }) => ({
    ...{ id, severity: severityOf(severity), component: artifact.name, installed: artifact.version },
    fixed: fix?.versions?.join(', ') ?? '',
  }));
}

/** grype's "Negligible" is low. */
function severityOf(word: string): Severity {
  const lower = word.toLowerCase();
  if (lower === 'negligible') return 'low';
  return severities.find((severity) => severity === lower) ?? 'unknown';
}
