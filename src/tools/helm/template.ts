import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { chartRequest } from './chart-change.ts';
import { assessChart, chartPlace, chartReadParts, placeChart } from './chart-read.ts';
import { copyChart } from './charts.ts';
import { flatten } from './fields.ts';
import { helmFault } from './helm-fault.ts';
import { parseManifest } from './objects.ts';
import { namespaceName, releaseName } from './release.ts';
import { helmAlone, newFolder } from './run-helm.ts';
import { examples } from './template.examples.ts';

export const template = defineOperation({
  ...chartReadParts,
  id: 'helm.template',
  version: 1,
  summary: 'Shows what a chart of a configured folder renders to, with secrets hidden.',
  request: chartRequest,
  input: chartPlace.extend({ release: releaseName, namespace: namespaceName }),
  output: z.object({
    objects: z.array(z.object({ title: z.string(), fields: z.record(z.string(), z.string()) })),
  }),
  sensitive: true,
  connections: ['folder'],
  examples,
  async resolve(request, reader) {
    const placed = await placeChart(request, reader);
    if (placed.kind !== 'placed') return placed;
    const release = releaseName.safeParse((request.release ?? placed.name).trim().toLowerCase());
    const namespace = namespaceName.safeParse((request.namespace ?? 'default').trim().toLowerCase());
    if (!release.success || !namespace.success)
      return { kind: 'impossible', reason: 'Names of releases and namespaces are made of a-z, 0-9 and "-".' };
    return { kind: 'input', input: { ...placed.place, release: release.data, namespace: namespace.data } };
  },
  assess: (input) => assessChart(input),
  describe: ({ chart, path, release, namespace }) => ({
    title: `Render chart ${chart} as ${namespace}/${release}`,
    byHand: `helm template ${release} ${quoteWord(`./${path}`)} --namespace ${namespace}`,
  }),
  async execute(input, reader) {
    const folder = await newFolder(reader);
    const { place } = await copyChart(reader, input, folder);
    const args = ['template', input.release, place, '--namespace', input.namespace];
    const { exitCode, stdout, stderr } = await helmAlone(reader, folder, args);
    if (exitCode !== 0) throw helmFault(stderr, input.environment);
    const objects = parseManifest(stdout).map((object) => ({
      title: `${object.kind} ${object.metadata?.name}`,
      fields: Object.fromEntries([...flatten(object)].map(([path, { shown }]) => [path, shown])),
    }));
    return { objects };
  },
  render: ({ objects }) => ({
    kind: 'lines',
    lines: objects.flatMap(({ title, fields }) => [
      title,
      ...Object.entries(fields).map(([path, value]) => `  ${path}: ${value}`),
    ]),
    note: `${objects.length} objects; values of secrets, configuration and the environment are hidden.`,
  }),
});
