import { z } from 'zod';
import { defineOperation, type Preview, type UndoContract } from '../../domain/operation.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { bringBack, digestOf, isBack, keepRemains, returnOf, returnRules } from './bring-back.ts';
import { changeParts, fingerprintOf, refuseChanged } from './change.ts';
import { openDocker, said } from './client.ts';
import {
  assessContainer,
  containerInput,
  findState,
  openContainer,
  readState,
  stateOf,
} from './container.ts';
import { followHealth } from './health.ts';
import { locateContainer } from './locate.ts';
import type { Remains } from './remains.ts';
import { examples } from './remove.examples.ts';

const input = containerInput.extend({
  force: z.boolean(),
  networks: z.array(z.string()),
  /** Why it could not be made anew, if so. */
  unrepeatable: z.string().nullable(),
});
type RemoveInput = z.infer<typeof input>;

const undo: UndoContract<RemoveInput, Remains> = {
  kind: 'reversible',
  unless: ({ unrepeatable }) =>
    unrepeatable === null ? undefined : `It can't be made anew: ${unrepeatable}.`,
  capture: async (input, reader) => keepRemains(await readState(await openContainer(reader, input), input)),
  async previewRestore(input, remains, reader) {
    const docker = await openDocker(reader, input.connection);
    const back = await isBack(docker, remains, input.environment);
    const { running, plan } = remains;
    const after = { name: plan.name, image: plan.body.Image, running };
    return {
      kind: 'computed',
      before: back ? after : null,
      after,
      fingerprint: { exists: back, image: remains.imageId },
      summary: back
        ? 'Already as it was before.'
        : `makes ${plan.name} anew${running ? ' and starts it' : ''}`,
      warnings: back ? [] : ['It is another container: what it wrote outside of its volumes is lost.'],
      raises: [],
      server: input.daemonId,
    };
  },
  async restore(input, remains, writer) {
    await bringBack(await openDocker(writer, input.connection), remains, input.environment);
  },
  async verifyRestored(input, remains, reader) {
    if (remains.running) return followHealth({ ...input, id: input.name }, reader);
    const back = await isBack(await openDocker(reader, input.connection), remains, input.environment);
    return {
      state: back ? 'healthy' : 'failed',
      evidence: `${input.name} is ${back ? '' : 'not '}there, stopped.`,
    };
  },
};

export const remove = defineOperation({
  ...changeParts,
  id: 'docker.remove',
  version: 1,
  summary: 'Removes a container; its volumes stay.',
  effect: 'delete',
  request: z.strictObject({ name: z.string().optional(), force: z.boolean().optional() }),
  input,
  examples,
  undo,
  async resolve({ name, force = false }, reader) {
    const located = await locateContainer({ name }, reader, 'remove');
    if (located.kind !== 'input') return located;
    const info = await readState(await openContainer(reader, located.input), located.input);
    if (!info.State.Running || force)
      return { kind: 'input', input: { ...located.input, force, ...returnOf(info) } };
    const options = [{ label: 'Remove it although it runs', patch: { force: true } }];
    const text = `${located.input.name} is running. Stop it first, or shall it be removed as it runs?`;
    return { kind: 'question', question: { text, field: 'force', options } };
  },
  assess: (input) => assessContainer(input, 'delete', ['removes the container; its volumes stay']),
  describe: ({ name, environment, force }) => ({
    title: `Remove container ${name} in ${environment}${force ? ', although it runs' : ''}`,
    byHand: `docker rm ${force ? '--force ' : ''}${name}`,
  }),
  async preview(input, reader): Promise<Preview> {
    const info = await readState(await openContainer(reader, input), input);
    const before = stateOf(info);
    const raises: RiskRaise[] = before.running
      ? [{ level: 'high', reason: 'it runs: its service stops' }]
      : [];
    const loss = 'What it wrote outside of its volumes is lost, also where this is undone.';
    const { unrepeatable } = returnOf(info);
    return {
      kind: 'computed',
      before: { ...before },
      after: null,
      fingerprint: { ...fingerprintOf(input, before), setUp: digestOf(info) },
      summary: `removes ${input.name} (${before.image}), which ${before.running ? 'runs' : 'does not run'}`,
      warnings: [unrepeatable === null ? loss : `It can't be made anew: ${unrepeatable}.`],
      raises,
      server: input.daemonId,
    };
  },
  egress: (input) => [
    { connection: input.connection, method: 'DELETE', path: `/containers/${input.id}` },
    ...returnRules(input.connection, input.name, input),
  ],
  async execute(input, writer, { approved }) {
    const handle = await openContainer(writer, input);
    const info = await readState(handle, input);
    refuseChanged(input, approved, stateOf(info), { setUp: digestOf(info) });
    await said(handle.container.remove({ force: input.force }), input.environment);
    return { name: input.name, state: 'removed' };
  },
  async landed(input, reader) {
    const info = await findState(await openContainer(reader, input), input);
    if (info === undefined) return 'yes';
    return ['removing', 'dead'].includes(info.State.Status) ? 'unclear' : 'no';
  },
  async verify(input, reader) {
    const info = await findState(await openContainer(reader, input), input);
    if (info === undefined) return { state: 'healthy', evidence: `${input.name} is gone.` };
    return { state: 'failed', evidence: `${input.name} is still there (${info.State.Status}).` };
  },
});
