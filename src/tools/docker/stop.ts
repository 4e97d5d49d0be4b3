import { z } from 'zod';
import { tierOf } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type Preview, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { bringBack, isBack, keepRemains, returnOf, returnRules } from './bring-back.ts';
import { changeParts, computedPreview, refuseChanged } from './change.ts';
import { said } from './client.ts';
import {
  assessContainer,
  type ContainerInput,
  type ContainerState,
  containerInput,
  findState,
  openContainer,
  readState,
  stateOf,
} from './container.ts';
import { followHealth } from './health.ts';
import { locateContainer } from './locate.ts';
import type { Remains } from './remains.ts';
import { examples } from './stop.examples.ts';

const input = containerInput.extend({
  /** What the engine takes away by itself when it stops (`--rm`), and how it comes back; null for what stays. */
  vanishes: z.strictObject({ networks: z.array(z.string()), unrepeatable: z.string().nullable() }).nullable(),
});
type StopInput = z.infer<typeof input>;

/** Whether the container ran, which run it was, and what is left of one that vanishes. */
type StopUndo = { running: boolean; startedAt: string; remains: Remains | null };

const undo: UndoContract<StopInput, StopUndo> = {
  kind: 'reversible',
  unless({ vanishes }) {
    const why = vanishes?.unrepeatable ?? null;
    return why === null ? undefined : `It goes when it stops, and can't be made anew: ${why}.`;
  },
  async capture(input, reader) {
    const info = await readState(await openContainer(reader, input), input);
    const { running, startedAt } = stateOf(info);
    return { running, startedAt, remains: input.vanishes === null ? null : keepRemains(info) };
  },
  async previewRestore(input, captured, reader) {
    const before = await stateAfter(input, captured, reader);
    if (before === undefined) return previewReturn(input);
    refuseOtherRun(input, captured, before);
    const starts = captured.running && !before.running;
    const after = starts ? { running: true, startedAt: '<time of the start>' } : {};
    const summary = starts ? 'starts it again' : 'Already as it was before.';
    return computedPreview(input, before, after, { summary, warnings: [], raises: [] });
  },
  async restore(input, captured, writer) {
    const { docker, container } = await openContainer(writer, input);
    const now = await stateAfter(input, captured, writer);
    if (now === undefined && captured.remains !== null)
      return bringBack(docker, captured.remains, input.environment);
    if (now === undefined) return;
    refuseOtherRun(input, captured, now);
    if (captured.running && !now.running) await said(container.start(), input.environment);
  },
  async verifyRestored(input, captured, reader) {
    if (captured.running) return followHealth({ ...input, id: input.name }, reader);
    return { state: 'healthy', evidence: `${input.name} did not run before either.` };
  },
};

export const stop = defineOperation({
  ...changeParts,
  input,
  id: 'docker.stop',
  version: 2,
  summary: 'Stops a container; it can be started again.',
  examples,
  undo,
  async resolve(request, reader) {
    const located = await locateContainer(request, reader, 'stop');
    if (located.kind !== 'input') return located;
    const info = await readState(await openContainer(reader, located.input), located.input);
    const vanishes = info.HostConfig.AutoRemove === true ? returnOf(info) : null;
    return { kind: 'input', input: { ...located.input, vanishes } };
  },
  assess: (input) => assessContainer(input, 'update', ['stops the service']),
  describe: ({ name, environment }) => ({
    title: `Stop container ${name} in ${environment}`,
    byHand: `docker stop ${name}`,
  }),
  async preview(input, reader) {
    const before = await stateNow(input, reader);
    const production = tierOf(reader.environments, input.environment) === 'production';
    const summary = before.running ? 'running → stopped' : 'it does not run now';
    const raises =
      before.running && production ? [{ level: 'high' as const, reason: 'stops the service' }] : [];
    const warnings = before.running ? [] : ['It is stopped already.'];
    if (input.vanishes !== null) warnings.push('The engine removes it when it has stopped (--rm).');
    return computedPreview(input, before, { running: false }, { summary, warnings, raises });
  },
  egress: ({ connection, id, name, vanishes }) => [
    { connection, method: 'POST', path: `/containers/${id}/stop` },
    { connection, method: 'POST', path: `/containers/${id}/start` },
    ...(vanishes === null ? [] : returnRules(connection, name, vanishes)),
  ],
  async execute(input, writer, { approved }) {
    const handle = await openContainer(writer, input);
    const now = stateOf(await readState(handle, input));
    refuseChanged(input, approved, now);
    if (now.running) await said(handle.container.stop({ t: 10 }), input.environment);
    return { name: input.name, state: 'stopped' };
  },
  async landed(input, reader, { approved }) {
    const info = await findState(await openContainer(reader, input), input);
    if (info === undefined && input.vanishes !== null) return 'yes';
    if (info === undefined || approved === undefined) return 'unclear';
    const { running, startedAt } = stateOf(info);
    const { startedAt: approvedRun } = approved.before as { startedAt: string };
    if (startedAt !== approvedRun) return 'unclear';
    return running ? 'no' : 'yes';
  },
  async verify(input, reader) {
    const info = await findState(await openContainer(reader, input), input);
    if (info === undefined && input.vanishes !== null)
      return { state: 'healthy', evidence: `${input.name} is stopped and gone.` };
    const { running } = await stateNow(input, reader);
    if (!running) return { state: 'healthy', evidence: `${input.name} is stopped.` };
    return { state: 'failed', evidence: `${input.name} runs again: something started it.` };
  },
});

async function stateNow(input: ContainerInput, reader: Reader) {
  return stateOf(await readState(await openContainer(reader, input), input));
}

/** Undefined for one that has vanished and is not back; one that came back is another container of its name. */
async function stateAfter(input: StopInput, { remains }: StopUndo, reader: Reader) {
  const handle = await openContainer(reader, input);
  const info = await findState(handle, input);
  if (info !== undefined) return stateOf(info);
  if (remains === null) return stateNow(input, reader);
  const back = await isBack(handle.docker, remains, input.environment);
  return back
    ? stateOf(await readState({ ...handle, container: handle.docker.getContainer(input.name) }, input))
    : undefined;
}

function previewReturn({ name, id, daemonId }: StopInput): Preview {
  return {
    kind: 'computed',
    before: null,
    after: { name, running: true },
    fingerprint: { id, exists: false },
    summary: `makes ${name} anew and starts it`,
    warnings: ['It is another container: what it wrote outside of its volumes is lost.'],
    raises: [],
    server: daemonId,
  };
}

/** A stopped container that somebody ran in between, and stopped again, is theirs. */
function refuseOtherRun(
  { name }: ContainerInput,
  { startedAt, remains }: StopUndo,
  now: ContainerState,
): void {
  if (now.running || now.startedAt === startedAt || remains !== null) return;
  throw new FaultError('world-changed', `Somebody ran ${name} and stopped it since. It is left as it is.`);
}
