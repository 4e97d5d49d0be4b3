import { z } from 'zod';
import type { Question } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { askEnvironment, placesFor } from '../../domain/resolve-environment.ts';
import type { Assessment } from '../../domain/risk.ts';
import { findChart } from './charts.ts';

/** A chart in a configured folder, as the input of a read of it. */
export const chartPlace = z.strictObject({
  environment: z.string(),
  folder: z.string(),
  path: z.string().max(500),
  chart: z.string().max(300),
});
export type ChartPlace = z.infer<typeof chartPlace>;

/** The members that every read of a chart shares. */
export const chartReadParts = { ...readParts, limits: { seconds: 60, memoryMb: 512 } };

type Placed =
  | { kind: 'placed'; place: ChartPlace; name: string }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

/** The one chart that a read means; only environments with a folder come into question. */
export async function placeChart(
  request: { chart?: string | undefined; version?: string | undefined; environment?: string | undefined },
  reader: Reader,
): Promise<Placed> {
  const places = placesFor(reader.environments, 'folder', request.environment);
  if (places.kind !== 'places') return places;
  const [environment = '', ...others] = [...new Set(places.connections.map((it) => it.environment))];
  if (others.length > 0)
    return { kind: 'question', question: askEnvironment('Charts of which environment?', places.connections) };
  const found = await findChart(reader, environment, request);
  if (found.kind !== 'chart') return found;
  const { folder, path, name, version } = found.chart;
  return { kind: 'placed', name, place: { environment, folder, path, chart: `${name} ${version}` } };
}

export function assessChart({ environment, folder, path }: ChartPlace): Assessment {
  return { effect: 'read', targets: [`${folder}/${path}`], environment, objects: 0, reasons: [] };
}
