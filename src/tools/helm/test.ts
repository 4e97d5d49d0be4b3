import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import { defineOperation, type Verification } from '../../domain/operation.ts';
import { recordsAfter } from './change.ts';
import { complete } from './complete.ts';
import { locateRelease } from './locate.ts';
import { type ReleaseRecord, readRecords, stateOf } from './records.ts';
import { type ReleaseInput, refuseChanged, wordsOf } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { helmMajor } from './server-side.ts';
import { examples } from './test.examples.ts';
import { assessWrite, hooksAt, objectRules, recordRule, writeInput, writesOf } from './writes.ts';

const testSeconds = 240;

export const test = defineOperation({
  id: 'helm.test',
  version: 1,
  summary: 'Runs the tests that a release brings along, as pods in the cluster.',
  effect: 'create',
  repeat: 'verify-first',
  previews: 'described',
  request: z.strictObject({
    release: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: writeInput,
  output: z.object({ tests: z.array(z.object({ name: z.string(), phase: z.string() })) }),
  connections: ['kubernetes'],
  examples,
  stop: { signal: 'SIGTERM', graceSeconds: 15 },
  limits: { seconds: 300, memoryMb: 768 },
  undo: { kind: 'irreversible', reason: 'Tests have run: what they did stays.' },
  async resolve(request, reader) {
    const located = await locateRelease(request, reader, 'test');
    if (located.kind !== 'located') return located;
    const { at } = located;
    return withHelm(reader, at.connection, async (helm) => {
      const last = await lastRecord(helm, at);
      if (last.status !== 'deployed')
        return {
          kind: 'impossible',
          reason: `The ${wordsOf(at)} is ${last.status}: only a deployed one is tested.`,
        };
      const hooks = await hooksAt(helm.api, last.hooks, at.namespace, events);
      if (hooks.length === 0)
        return { kind: 'impossible', reason: `The chart of the ${wordsOf(at)} brings no tests.` };
      const serverSide = last.serverSide && (await helmMajor(helm)) >= 4;
      return complete({ ...at, serverSide }, { objects: writesOf({ hooks }) });
    });
  },
  assess: (input) => assessWrite(input, 'create', ['runs the test pods of the chart']),
  describe: (input) => ({
    title: `Test ${wordsOf(input)}`,
    byHand: `helm test ${input.release} --namespace ${input.namespace}`,
  }),
  preview: (input, reader) =>
    withHelm(reader, input.connection, async (helm) => {
      const last = await lastRecord(helm, input);
      const names = testsOf(last).map(({ name, kind }) => `${kind} ${name}`);
      return {
        kind: 'described',
        before: null,
        after: { revision: last.version, tests: names },
        fingerprint: fingerprintOf(last),
        summary: `runs ${names.join(', ')}`,
        warnings: ['What a test does is in its image: Reign cannot foresee it.'],
        raises: [],
        server: input.clusterUid,
      };
    }),
  egress: (input) => [recordRule(input, 'PUT'), ...objectRules(input)],
  execute: (input, writer, { approved }) =>
    withHelm(writer, input.connection, async (helm) => {
      const before = await lastRecord(helm, input);
      refuseChanged(wordsOf(input), approved?.fingerprint, fingerprintOf(before));
      writer.report(`helm test ${input.release}`);
      const { release, namespace } = input;
      try {
        const limit = ['--timeout', `${testSeconds}s`];
        await helm.run(['test', release, '--namespace', namespace, ...limit], testSeconds + 30);
      } catch (error) {
        await recordsAfter(error, helm.api, input, [before], (records) =>
          fingerprintOf(lastOf(input, records)),
        );
      }
      return { tests: phasesOf(await lastRecord(helm, input)) };
    }),
  landed: (input, reader, { approved }) =>
    withHelm(reader, input.connection, async (helm) => {
      const last = await lastRecord(helm, input);
      const now = fingerprintOf(last);
      const before = (approved?.fingerprint ?? {}) as { [field: string]: Json };
      if (now['revision'] !== before['revision']) return 'unclear';
      if (now['tested'] === before['tested']) return 'no';
      return endOf(last) === 'unclear' ? 'unclear' : 'yes';
    }),
  verify: (input, reader) =>
    withHelm(reader, input.connection, async (helm) => {
      const last = await lastRecord(helm, input);
      const evidence = phasesOf(last).map(({ name, phase }) => `${name}: ${phase}`);
      return { state: endOf(last), evidence: evidence.join(', ') };
    }),
  render: ({ tests }) => ({
    kind: 'table',
    columns: ['test', 'result'],
    rows: tests.map(({ name, phase }) => [name, phase]),
  }),
});

const events = ['test', 'test-success'];

async function lastRecord({ api }: Helm, input: ReleaseInput): Promise<ReleaseRecord> {
  return lastOf(input, await readRecords(api, input));
}

function lastOf(input: ReleaseInput, records: readonly ReleaseRecord[]): ReleaseRecord {
  const last = records.at(-1);
  if (last !== undefined) return last;
  throw new FaultError('world-changed', `The ${wordsOf(input)} was uninstalled since. Nothing was run.`);
}

function testsOf({ hooks }: ReleaseRecord) {
  return hooks.filter((hook) => hook.events.some((event) => events.includes(event)));
}

function phasesOf(record: ReleaseRecord): { name: string; phase: string }[] {
  return testsOf(record).map(({ name, last_run }) => ({ name, phase: last_run?.phase || 'not run' }));
}

/** How the tests ended; unclear while one has not. */
function endOf(record: ReleaseRecord): Verification['state'] {
  const phases = phasesOf(record).map(({ phase }) => phase);
  if (phases.includes('Failed')) return 'failed';
  return phases.every((phase) => phase === 'Succeeded') ? 'healthy' : 'unclear';
}

/** The release, and when its tests ran last. */
function fingerprintOf(record: ReleaseRecord): { [field: string]: Json } {
  const tested = testsOf(record).map(({ last_run }) => last_run?.started_at ?? 'never');
  return { ...stateOf([record]), tested: tested.join(', ') };
}
