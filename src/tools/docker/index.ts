import type { Tool } from '../../domain/operation.ts';
import { build } from './build.ts';
import { composeDown } from './compose_down.ts';
import { composeUp } from './compose_up.ts';
import { createNetwork } from './create_network.ts';
import { createVolume } from './create_volume.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { images } from './images.ts';
import { inspect } from './inspect.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { pull } from './pull.ts';
import { remove } from './remove.ts';
import { restart } from './restart.ts';
import { run } from './run.ts';
import { scan } from './scan.ts';
import { stats } from './stats.ts';
import { stop } from './stop.ts';

/** Containers, images, networks and volumes of a Docker engine. */
export const docker: Tool = {
  name: 'docker',
  summary:
    'Looks at, starts, restarts, stops and removes containers; makes networks, volumes and images; brings compose projects up and down.',
  operations: [
    list,
    images,
    logs,
    stats,
    run,
    restart,
    stop,
    remove,
    createNetwork,
    createVolume,
    build,
    scan,
    composeUp,
    composeDown,
    exec,
    pull,
    inspect,
    events,
  ],
};
