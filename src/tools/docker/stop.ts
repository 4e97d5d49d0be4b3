import { tierOf } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { changeParts, computedPreview, refuseChanged } from './change.ts';
import { said } from './client.ts';
import {
  assessContainer,
  type ContainerInput,
  findState,
  openContainer,
  readState,
  stateOf,
} from './container.ts';
import { followHealth } from './health.ts';
import { locateContainer } from './locate.ts';
import { examples } from './stop.examples.ts';

/** Whether the container ran, and which run it was. */
type StopUndo = { running: boolean; startedAt: string };

const undo: UndoContract<ContainerInput, StopUndo> = {
  kind: 'reversible',
  async capture(input, reader) {
    const { running, startedAt } = await stateNow(input, reader);
    return { running, startedAt };
  },
  async previewRestore(input, captured, reader) {
    const before = await stateNow(input, reader);
    refuseOtherRun(input, captured, before);
    const starts = captured.running && !before.running;
    const after = starts ? { running: true, startedAt: '<time of the start>' } : {};
    const summary = starts ? 'starts it again' : 'Already as it was before.';
    return computedPreview(input, before, after, { summary, warnings: [], raises: [] });
  },
  async restore(input, captured, writer) {
    const { container } = await openContainer(writer, input);
    const now = await stateNow(input, writer);
    refuseOtherRun(input, captured, now);
    if (captured.running && !now.running) await said(container.start(), input.environment);
  },
  async verifyRestored(input, captured, reader) {
    if (captured.running) return followHealth(input, reader);
    return { state: 'healthy', evidence: `${input.name} did not run before either.` };
  },
};

export const stop = defineOperation({
  ...changeParts,
  id: 'docker.stop',
  version: 1,
  summary: 'Stops a container; it can be started again.',
  examples,
  undo,
  resolve: (request, reader) => locateContainer(request, reader, 'stop'),
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
    return computedPreview(input, before, { running: false }, { summary, warnings, raises });
  },
  egress: ({ connection, id }) => [
    { connection, method: 'POST', path: `/containers/${id}/stop` },
    { connection, method: 'POST', path: `/containers/${id}/start` },
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
    if (info === undefined || approved === undefined) return 'unclear';
    const { running, startedAt } = stateOf(info);
    const { startedAt: approvedRun } = approved.before as StopUndo;
    if (startedAt !== approvedRun) return 'unclear';
    return running ? 'no' : 'yes';
  },
  async verify(input, reader) {
    const { running } = await stateNow(input, reader);
    if (!running) return { state: 'healthy', evidence: `${input.name} is stopped.` };
    return { state: 'failed', evidence: `${input.name} runs again: something started it.` };
  },
});

async function stateNow(input: ContainerInput, reader: Reader) {
  return stateOf(await readState(await openContainer(reader, input), input));
}

/** A stopped container that somebody ran in between, and stopped again, is theirs. */
function refuseOtherRun({ name }: ContainerInput, { startedAt }: StopUndo, now: StopUndo): void {
  if (now.running || now.startedAt === startedAt) return;
  throw new FaultError('world-changed', `Somebody ran ${name} and stopped it since. It is left as it is.`);
}
