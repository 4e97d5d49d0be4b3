import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';
import { defineOperation, type Question } from '../../domain/operation.ts';
import { changeParts, type Plan, type ReleaseChange } from './change.ts';
import { hookWarnings } from './chart-plan.ts';
import { complete } from './complete.ts';
import { locateRelease } from './locate.ts';
import { placeObjects } from './objects.ts';
import { raisesOf, without } from './raises.ts';
import { currentOf, type ReleaseRecord, readRecords } from './records.ts';
import { wordsOf } from './release.ts';
import { examples } from './rollback.examples.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { helmMajor, serverSideArguments } from './server-side.ts';
import { tryChart } from './try-objects.ts';
import { undoOf, verifyChange } from './undo.ts';
import { assessWrite, hooksAt, writeInput, writesOf } from './writes.ts';

const rollbackInput = writeInput.extend({ to: z.number().int().min(1) });
type RollbackInput = z.infer<typeof rollbackInput>;

const change: ReleaseChange<RollbackInput> = {
  plan,
  // helm has no description for a rollback: its own names the revision that it went back to.
  marks: false,
  made: ({ status, description }, { to }) => status === 'deployed' && description === `Rollback to ${to}`,
  tryOut: tryChart,
};

export const rollback = defineOperation({
  ...changeParts(change),
  id: 'helm.rollback',
  version: 1,
  summary: 'Rolls a release back to an earlier revision.',
  effect: 'update',
  request: z.strictObject({
    release: z.string().optional(),
    revision: z.number().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: rollbackInput,
  connections: ['kubernetes'],
  examples,
  undo: undoOf<RollbackInput>('rollback'),
  async resolve(request, reader) {
    const located = await locateRelease(request, reader, 'roll back');
    if (located.kind !== 'located') return located;
    const { at } = located;
    return withHelm(reader, at.connection, async (helm) => {
      const records = await readRecords(helm.api, at);
      const target =
        request.revision === undefined
          ? earlier(records)
          : records.find(({ version }) => version === request.revision);
      if (target === undefined) return noRevision(wordsOf(at), records, request.revision);
      if (target === records.at(-1) && target.status === 'deployed')
        return { kind: 'impossible', reason: `The ${wordsOf(at)} is at revision ${target.version} already.` };
      const serverSide = target.serverSide && (await helmMajor(helm)) >= 4;
      const ask = { ...at, to: target.version, serverSide };
      return complete(ask, await plan(helm, ask));
    });
  },
  assess: (input) => assessWrite(input, 'update', []),
  describe: (input) => ({
    title: `Roll ${wordsOf(input)} back to revision ${input.to}`,
    byHand: `helm rollback ${input.release} ${input.to} --namespace ${input.namespace}`,
  }),
  verify: (input, reader, context) => verifyChange('rollback', input, reader, context),
});

async function plan(helm: Helm, input: Omit<RollbackInput, 'objects'>): Promise<Plan> {
  const { namespace, release, to } = input;
  const records = await readRecords(helm.api, input);
  const current = currentOf(records);
  const target = records.find(({ version }) => version === to);
  if (current === undefined || target === undefined)
    throw new FaultError(
      'world-changed',
      `The ${wordsOf(input)} has no revision ${to} any more. Nothing was written.`,
    );
  const gone = current.status === 'uninstalled';
  const [base, wanted, hooks, undoHooks, how] = await Promise.all([
    placeObjects(helm.api, gone ? '' : (records.at(-1)?.manifest ?? ''), namespace),
    placeObjects(helm.api, target.manifest, namespace),
    hooksAt(helm.api, target.hooks, namespace, rollbackEvents),
    hooksAt(helm.api, current.hooks, namespace, gone ? ['pre-delete', 'post-delete'] : rollbackEvents),
    serverSideArguments(helm, input.serverSide),
  ]);
  const state =
    current.status === 'deployed'
      ? []
      : [`Its revision ${current.version} is ${current.status}: ${current.description}`];
  return {
    records,
    base,
    wanted,
    objects: writesOf({
      apply: [...wanted, ...base],
      remove: [...without(base, wanted), ...without(wanted, base)],
      hooks: [...hooks, ...undoHooks],
    }),
    depends: { to: sha256(target.manifest) },
    chart: target.chart,
    command: ['rollback', release, String(to), '--namespace', namespace, ...how],
    warnings: [...hookWarnings(target.hooks, 'rollback'), ...state],
    raises: raisesOf(base, wanted),
  };
}

const rollbackEvents = ['pre-rollback', 'post-rollback'];

/** The last revision before the present one that had worked; what was uninstalled comes back as it was. */
function earlier(records: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const last = records.at(-1);
  if (last?.status === 'uninstalled') return last;
  return records.findLast(
    ({ version, status }) => version !== last?.version && (status === 'superseded' || status === 'deployed'),
  );
}

function noRevision(
  words: string,
  records: readonly ReleaseRecord[],
  wanted: number | undefined,
): { kind: 'question'; question: Question } | { kind: 'impossible'; reason: string } {
  const others = records.slice(0, -1);
  const text =
    wanted === undefined
      ? `The ${words} has no earlier revision that worked.`
      : `The ${words} has no revision ${wanted}.`;
  if (others.length === 0) return { kind: 'impossible', reason: text };
  const options = others.slice(-10).map(({ version, chart, status }) => ({
    label: `revision ${version}: ${chart}, ${status}`,
    patch: { revision: version },
  }));
  return {
    kind: 'question',
    question: { text: `${text} Which one do you mean?`, field: 'revision', options },
  };
}
