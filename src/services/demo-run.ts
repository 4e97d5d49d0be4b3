import { join } from 'node:path';
import { isObject } from '../domain/json.ts';
import { readRecord } from './data-dir.ts';

export interface DemoClusterAddress {
  name: string;
  url: string;
  token: string;
  uid: string;
}

/** What the demo cluster's process wrote down; undefined unless whole and, when a pid is given, by that process. */
export async function readDemoRun(dataDir: string, pid?: number): Promise<DemoClusterAddress[] | undefined> {
  const record = await readRecord(join(dataDir, 'demo-cluster', 'run.json'));
  if (!record || !Array.isArray(record.clusters) || (pid !== undefined && record.pid !== pid))
    return undefined;
  const clusters = record.clusters.flatMap((one: unknown) => readAddress(one) ?? []);
  return clusters.length > 0 && clusters.length === record.clusters.length ? clusters : undefined;
}

function readAddress(value: unknown): DemoClusterAddress | undefined {
  if (!isObject(value)) return undefined;
  const { name, url, token, uid } = value;
  if (typeof name !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return typeof token === 'string' && typeof uid === 'string' ? { name, url, token, uid } : undefined;
}
