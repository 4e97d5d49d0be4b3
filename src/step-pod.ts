import { join } from 'node:path';
import { runPodAgent } from './sandbox/pod/agent.ts';
import { linkFolder, linkName } from './sandbox/pod/wire.ts';

/** The first process of a step's pod, see src/sandbox/pod/agent.ts. The argument is the entry of the step. */
const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port } = process.env;
if (host === '') throw new Error('This program is the first process of a pod that Reign makes for a step.');
const options = {
  linkFile: join(linkFolder, linkName),
  stepHost: process.argv[2] ?? '',
  forbidden: { host, port: Number(port) },
};
process.exit(
  await runPodAgent(options).catch((error: Error) => {
    console.error(error.message);
    return 1;
  }),
);
