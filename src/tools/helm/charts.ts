import { join } from 'node:path';
import { parse } from 'yaml';
import type { ConnectionView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { nearNames } from '../../domain/near-names.ts';
import type { Question } from '../../domain/operation.ts';
import type { Listing } from '../../domain/ports/files.ts';
import type { Reader } from '../../domain/ports/reader.ts';

/** A chart in a configured folder. `path` leads to it from there; empty where the folder is the chart. */
export type Chart = { folder: string; path: string; name: string; version: string };

export type FoundChart =
  | { kind: 'chart'; chart: Chart }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

type Wanted = { chart?: string | undefined; version?: string | undefined };

const mostCharts = 100;
const remote = /^(oci|https?):\/\//i;

/** The one chart that a word means: a path, the name of its folder, or the name that it gives itself. */
export async function findChart(reader: Reader, environment: string, wanted: Wanted): Promise<FoundChart> {
  const folders = reader.environments
    .filter(({ name }) => name === environment)
    .flatMap(({ connections }) => connections.filter(({ kind }) => kind === 'folder'));
  if (folders.length === 0) return { kind: 'impossible', reason: noFolder(environment) };
  if (remote.test(wanted.chart ?? ''))
    return { kind: 'impossible', reason: fromAfar(wanted.chart ?? '', folders) };
  const charts = (await Promise.all(folders.map((folder) => chartsIn(reader, folder)))).flat();
  if (charts.length === 0)
    return { kind: 'impossible', reason: `There is no Chart.yaml in ${namesOf(folders)} of ${environment}.` };
  if (wanted.chart === undefined) return { kind: 'question', question: ask('Which chart?', charts) };
  const named = matching(charts, wanted.chart, folders);
  if (named.length === 0) return unknown(wanted.chart, charts, folders);
  const fitting = named.filter(({ version }) => sameVersion(wanted.version, version));
  if (fitting.length === 0) return { kind: 'impossible', reason: otherVersion(wanted, named) };
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return { kind: 'chart', chart: only };
  return {
    kind: 'question',
    question: ask(`Several charts are called ${wanted.chart}. Which one?`, fitting),
  };
}

/** Copies a chart into a folder of its own; the digest changes whenever one of its files does. */
export async function copyChart(
  reader: Reader,
  { folder, path }: Pick<Chart, 'folder' | 'path'>,
  into: string,
): Promise<{ place: string; digest: string }> {
  const place = join(into, 'chart');
  const { digest } = await reader.copyFolder(folder, path, place);
  return { place, digest };
}

async function chartsIn(reader: Reader, { id }: ConnectionView): Promise<Chart[]> {
  const forwarder = await reader.forward(id);
  const get = async (path: string) => {
    const response = await fetch(`${forwarder.url}${path}`, { signal: reader.signal });
    if (response.ok) return response.text();
    throw new FaultError(
      'unreachable',
      `The folder ${id} cannot be read: ${(await response.text()).slice(0, 300)}`,
    );
  };
  try {
    const { files } = JSON.parse(await get('/listing?below=')) as Listing;
    const paths = files.map(({ path }) => path).filter((path) => /(^|\/)Chart\.ya?ml$/.test(path));
    const own = paths.filter((path) => !paths.some((other) => isWithin(path, other))).slice(0, mostCharts);
    const read = own.map(async (path) => {
      const about = parseAbout(await get(`/file?below=&path=${encodeURIComponent(path)}`));
      const top = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      return about === undefined ? [] : [{ folder: id, path: top, ...about }];
    });
    return (await Promise.all(read)).flat();
  } finally {
    forwarder.close();
  }
}

/** A chart that another one brings along. */
function isWithin(path: string, other: string): boolean {
  const top = other.slice(0, other.lastIndexOf('/') + 1);
  return path.startsWith(`${top}charts/`);
}

function parseAbout(text: string): { name: string; version: string } | undefined {
  try {
    const { name, version } = (parse(text) ?? {}) as { name?: unknown; version?: unknown };
    return typeof name === 'string' ? { name, version: String(version ?? '') } : undefined;
  } catch {
    return undefined;
  }
}

function matching(charts: readonly Chart[], word: string, folders: readonly ConnectionView[]): Chart[] {
  const wanted = word
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '')
    .toLowerCase();
  const labels = new Map(folders.map(({ id, name }) => [id, name.toLowerCase()]));
  const rules: ((chart: Chart) => boolean)[] = [
    ({ path }) => path.toLowerCase() === wanted,
    ({ folder, path }) => `${labels.get(folder)}/${path}`.toLowerCase() === wanted,
    ({ path }) => path.toLowerCase().endsWith(`/${wanted}`),
    ({ name }) => name.toLowerCase() === wanted,
  ];
  for (const rule of rules) {
    const found = charts.filter(rule);
    if (found.length > 0) return found;
  }
  return [];
}

function unknown(word: string, charts: readonly Chart[], folders: readonly ConnectionView[]): FoundChart {
  if (/^[\w.-]+\/[\w.-]+$/.test(word)) return { kind: 'impossible', reason: fromAfar(word, folders) };
  const near = nearNames(
    word,
    charts.map(({ name }) => name),
  );
  const meant = charts.filter(({ name }) => near.includes(name));
  const text = `There is no chart "${word}" in ${namesOf(folders)}.`;
  if (meant.length > 0)
    return { kind: 'question', question: ask(`${text} Did you mean one of these?`, meant) };
  const some = charts.slice(0, 10).map(({ path, name }) => path || name);
  return { kind: 'impossible', reason: `${text} There are: ${some.join(', ')}.` };
}

function ask(text: string, charts: readonly Chart[]): Question {
  const options = charts.slice(0, 10).map(({ name, version, path }) => ({
    label: `${name} ${version} (${path || '.'})`,
    patch: { chart: path || name },
  }));
  return { text, field: 'chart', options };
}

function sameVersion(wanted: string | undefined, version: string): boolean {
  return wanted === undefined || wanted.replace(/^v/, '') === version.replace(/^v/, '');
}

function otherVersion({ chart, version }: Wanted, found: readonly Chart[]): string {
  const present = [...new Set(found.map((it) => it.version))].join(', ');
  return `The chart ${chart} in the folder has version ${present}, not ${version}. Put that version there and ask again.`;
}

function fromAfar(word: string, folders: readonly ConnectionView[]): string {
  const how = `Run \`helm pull ${word} --untar\` in the ${namesOf(folders)} and ask again`;
  return `${word} is no chart of a configured folder, and Reign fetches none from repositories: steps have no way to the internet. ${how}.`;
}

function noFolder(environment: string): string {
  return `Charts come from a folder, and ${environment} has none. Name one in reign.yaml under environments.${environment}.folders. Reign fetches no charts from repositories.`;
}

function namesOf(folders: readonly ConnectionView[]): string {
  return folders.map(({ name }) => `folder ${name}`).join(', ');
}
