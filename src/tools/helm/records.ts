import { gunzipSync } from 'node:zlib';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import type { Api } from './api.ts';
import type { ReleaseInput } from './release.ts';

/** One revision of a release as helm keeps it. */
export type ReleaseRecord = {
  version: number;
  status: string;
  description: string;
  deployedAt: string;
  chart: string;
  chartName: string;
  chartVersion: string;
  manifest: string;
  hooks: readonly Hook[];
  /** The values that people gave; the chart's own are not in it. */
  config: { [key: string]: Json };
  /** Whether the server merges what helm sends (helm 4); older releases are merged by helm itself. */
  serverSide: boolean;
};

export type Hook = {
  name: string;
  kind: string;
  manifest: string;
  events: readonly string[];
  last_run?: { started_at?: string; completed_at?: string; phase?: string };
};

type Stored = {
  version: number;
  info?: { status?: string; description?: string; last_deployed?: string };
  chart?: { metadata?: { name?: string; version?: string } };
  manifest?: string;
  hooks?: Hook[] | null;
  config?: { [key: string]: Json } | null;
  apply_method?: string;
};

const largestRecord = 64 * 1024 * 1024;

/**
 * All revisions of a release, oldest first, of one moment: helm's own commands would ask once for each part. None for a
 * release that does not exist.
 */
export async function readRecords(api: Api, { namespace, release }: Named): Promise<ReleaseRecord[]> {
  const query = `labelSelector=${encodeURIComponent(`name=${release},owner=helm`)}`;
  const list = await api.get<{ items: { data?: { release?: string } }[] }>(
    `${recordsPath(namespace)}?${query}`,
  );
  return list.items.map(({ data }) => recordOf(data?.release ?? '')).sort((a, b) => a.version - b.version);
}

type Named = Pick<ReleaseInput, 'namespace' | 'release'>;

export function recordsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

/** The revision that helm goes on from: the deployed one, or the last where none is. */
export function currentOf(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const last = records.at(-1);
  if (last === undefined || last.status === 'deployed' || last.status === 'uninstalled') return last;
  return records.findLast(({ status }) => status === 'deployed') ?? last;
}

export function isPending({ status }: ReleaseRecord): boolean {
  return status.startsWith('pending') || status === 'uninstalling';
}

/** What an approval is bound to of a release: its last revision, and what is deployed. */
export function stateOf(records: readonly ReleaseRecord[]): { [field: string]: Json } {
  const last = records.at(-1);
  if (last === undefined) return { revision: 0, status: 'none' };
  const { version, status, deployedAt } = last;
  return { revision: version, status, deployedAt, live: sha256(currentOf(records)?.manifest ?? '') };
}

export function valuesDigest(config: { [key: string]: Json }): string {
  return sha256(canonicalJson(config));
}

function recordOf(encoded: string): ReleaseRecord {
  const stored = decode(encoded);
  const { name = '', version = '' } = stored.chart?.metadata ?? {};
  return {
    version: stored.version,
    status: stored.info?.status ?? 'unknown',
    description: stored.info?.description ?? '',
    deployedAt: stored.info?.last_deployed ?? '',
    chart: `${name}-${version}`,
    chartName: name,
    chartVersion: version,
    manifest: stored.manifest ?? '',
    hooks: stored.hooks ?? [],
    config: stored.config ?? {},
    serverSide: stored.apply_method === 'ssa',
  };
}

/** Secrets hold base64; helm's own base64 of a gzipped JSON is inside. */
function decode(encoded: string): Stored {
  try {
    const zipped = Buffer.from(Buffer.from(encoded, 'base64').toString('latin1'), 'base64');
    return JSON.parse(gunzipSync(zipped, { maxOutputLength: largestRecord }).toString('utf8')) as Stored;
  } catch (error) {
    throw new FaultError('internal', "helm's record of this release cannot be read.", { cause: error });
  }
}
