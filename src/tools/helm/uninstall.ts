import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { changeParts, type Plan, type ReleaseChange } from './change.ts';
import { hookWarnings } from './chart-plan.ts';
import { complete } from './complete.ts';
import { locateRelease } from './locate.ts';
import { isKept, placeObjects } from './objects.ts';
import { currentOf, readRecords } from './records.ts';
import { wordsOf } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { helmMajor } from './server-side.ts';
import { undoOf, verifyChange } from './undo.ts';
import { examples } from './uninstall.examples.ts';
import { assessWrite, hooksAt, type WriteInput, writeInput, writesOf } from './writes.ts';

const change: ReleaseChange<WriteInput> = {
  plan,
  marks: true,
  deletes: true,
  made: ({ status, description }, _input, mark) => status === 'uninstalled' && description === mark,
};

export const uninstall = defineOperation({
  ...changeParts(change),
  id: 'helm.uninstall',
  version: 1,
  summary: 'Uninstalls a release and keeps its history, so that it can be put back.',
  effect: 'delete',
  request: z.strictObject({
    release: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: writeInput,
  connections: ['kubernetes'],
  examples,
  undo: undoOf('uninstall', ({ objects }) => {
    const claims = objects.filter(
      ({ kind, acts }) => kind === 'PersistentVolumeClaim' && acts.includes('delete'),
    );
    if (claims.length === 0) return undefined;
    const names = claims.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).join(', ');
    return `It deletes volume claims with their data, which no rollback brings back: ${names}.`;
  }),
  async resolve(request, reader) {
    const located = await locateRelease(request, reader, 'uninstall');
    if (located.kind !== 'located') return located;
    const { at } = located;
    return withHelm(reader, at.connection, async (helm) => {
      const current = currentOf(await readRecords(helm.api, at));
      if (current === undefined || current.status === 'uninstalled')
        return { kind: 'impossible', reason: `The ${wordsOf(at)} is uninstalled already.` };
      const ask = { ...at, serverSide: current.serverSide && (await helmMajor(helm)) >= 4 };
      return complete(ask, await plan(helm, ask));
    });
  },
  assess: (input) => assessWrite(input, 'delete', ['stops what the release runs']),
  describe: (input) => ({
    title: `Uninstall ${wordsOf(input)}`,
    byHand: `helm uninstall ${input.release} --keep-history --namespace ${input.namespace}`,
  }),
  verify: (input, reader, context) => verifyChange('uninstall', input, reader, context),
});

async function plan(helm: Helm, input: Omit<WriteInput, 'objects'>): Promise<Plan> {
  const { namespace, release } = input;
  const records = await readRecords(helm.api, input);
  const last = records.at(-1);
  const base = await placeObjects(helm.api, last?.manifest ?? '', namespace);
  const kept = base.filter(({ object }) => isKept(object));
  const hooks = await hooksAt(helm.api, last?.hooks ?? [], namespace, events);
  return {
    records,
    base,
    wanted: kept,
    objects: writesOf({ apply: base, remove: base, hooks }),
    depends: {},
    chart: 'none',
    command: ['uninstall', release, '--keep-history', '--namespace', namespace],
    warnings: [
      ...hookWarnings(last?.hooks ?? [], 'delete'),
      ...kept.map(({ title }) => `${title} is marked to be kept and stays.`),
      `Its history stays, so that this can be undone. To reuse the name, ask Reign to install, or use \`helm install --replace\`.`,
    ],
    raises: [],
  };
}

const events = ['pre-delete', 'post-delete', 'pre-rollback', 'post-rollback'];
