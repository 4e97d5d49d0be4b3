import { defineOperation } from '../../domain/operation.ts';
import { changeParts, computedPreview, refuseChanged } from './change.ts';
import { said } from './client.ts';
import { assessContainer, findState, openContainer, readState, stateOf } from './container.ts';
import { followHealth } from './health.ts';
import { locateContainer } from './locate.ts';
import { examples } from './restart.examples.ts';

export const restart = defineOperation({
  ...changeParts,
  id: 'docker.restart',
  version: 1,
  summary: 'Stops a container and starts it again.',
  examples,
  undo: { kind: 'irreversible', reason: "A restart can't be undone: the container has run anew since." },
  resolve: (request, reader) => locateContainer(request, reader, 'restart'),
  assess: (input) => assessContainer(input, 'update', ['interrupts the service for a moment']),
  describe: ({ name, environment }) => ({
    title: `Restart container ${name} in ${environment}`,
    byHand: `docker restart ${name}`,
  }),
  async preview(input, reader) {
    const before = stateOf(await readState(await openContainer(reader, input), input));
    const summary = before.running ? 'stops it and starts it again' : 'starts it: it does not run now';
    const after = { running: true, startedAt: '<time of the restart>' };
    return computedPreview(input, before, after, { summary, warnings: [], raises: [] });
  },
  egress: ({ connection, id }) => [{ connection, method: 'POST', path: `/containers/${id}/restart` }],
  async execute(input, writer, { approved }) {
    const handle = await openContainer(writer, input);
    refuseChanged(input, approved, stateOf(await readState(handle, input)));
    await said(handle.container.restart({ t: 10 }), input.environment);
    return { name: input.name, state: 'restarted' };
  },
  async landed(input, reader, { approved }) {
    const info = await findState(await openContainer(reader, input), input);
    if (info === undefined || approved === undefined) return 'unclear';
    const before = approved.before as { startedAt: string; restartCount: number };
    const { startedAt, running, restartCount } = stateOf(info);
    if (startedAt === before.startedAt)
      return running === (approved.before as { running: boolean }).running ? 'no' : 'unclear';
    // Docker's own restarts of a crashed container count up; ours does not.
    return running && restartCount === before.restartCount ? 'yes' : 'unclear';
  },
  verify: (input, reader) => followHealth(input, reader),
});
