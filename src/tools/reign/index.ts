import type { Tool } from '../../domain/operation.ts';
import { noop } from './noop.ts';

/** Reign's own operations; harmless, and not offered to planners. */
export const reign: Tool = {
  name: 'reign',
  summary: "Reign's own operations for measuring and testing.",
  operations: [noop],
};
