import { alwaysInReach } from '../../jobs/reach.ts';
import { consumeSteps } from '../../jobs/steps.ts';
import { engines, type Setup } from './steps.ts';

/** A worker process of the bench: starts to take steps when it is told to, until it is ended. */
const setup = JSON.parse(process.argv[2] ?? '{}') as Setup;
const { worker } = await engines(setup);
process.once('message', () => {
  consumeSteps(worker, { redis: { url: setup.redisUrl }, reach: alwaysInReach }, 10);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
