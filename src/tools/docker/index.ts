import type { Tool } from '../../domain/operation.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { restart } from './restart.ts';
import { stop } from './stop.ts';

/** Containers of a Docker engine. */
export const docker: Tool = {
  name: 'docker',
  summary: 'Looks at, restarts and stops containers.',
  operations: [list, logs, restart, stop],
};
