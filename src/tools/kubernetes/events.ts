import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { eventRows } from './event-rows.ts';
import { examples } from './events.examples.ts';
import { bareNameKinds } from './kinds.ts';
import { locateObject } from './locate.ts';
import { assessRead, placeInput, placeRead } from './read-place.ts';

const mostRows = 50;

const row = z.object({
  age: z.string(),
  warning: z.boolean(),
  reason: z.string(),
  object: z.string(),
  message: z.string(),
  count: z.number(),
});

export const events = defineOperation({
  ...readParts,
  id: 'kubernetes.events',
  version: 1,
  summary: 'Shows recent events, newest first.',
  request: z.strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: placeInput.extend({ name: z.string().optional() }),
  output: z.object({ events: z.array(row) }),
  examples,
  connections: ['kubernetes'],
  async resolve(request, reader) {
    if (request.name === undefined) {
      const placed = await placeRead(request, reader);
      return placed.kind === 'placed' ? { kind: 'input', input: placed.place } : placed;
    }
    const sought = { kinds: bareNameKinds, noun: 'object', verb: 'see events of', firstKind: true };
    const located = await locateObject(request, reader, sought);
    if (located.kind !== 'located') return located;
    const { namespace, name } = located.object;
    const place = namespace === '' ? located.place : { ...located.place, namespace };
    return { kind: 'input', input: { ...place, name } };
  },
  assess: (input) => assessRead(input),
  describe: ({ name, namespace, environment }) => ({
    title: `Show events ${name === undefined ? '' : `of ${name} `}in ${environment}`,
    byHand: `kubectl get events ${namespace === undefined ? '--all-namespaces' : `-n ${namespace}`} --sort-by=.lastTimestamp`,
  }),
  execute: async (input, reader) => ({
    events: await eventRows(openCluster(reader, input.connection), input, mostRows),
  }),
  render({ events }, { name, namespace, environment }) {
    const where =
      name ?? (namespace === undefined ? environment : `namespace ${namespace} of ${environment}`);
    if (events.length === 0) return { kind: 'text', text: `There are no recent events for ${where}.` };
    const rows = events.map(({ age, warning, reason, object, message, count }) => [
      age,
      warning ? '⚠ Warning' : 'Normal',
      reason,
      object,
      count > 1 ? `${message} (${count} times)` : message,
    ]);
    return { kind: 'table', columns: ['Age', 'Type', 'Reason', 'Object', 'Message'], rows };
  },
});
