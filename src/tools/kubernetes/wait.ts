import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { kindNamed } from './kinds.ts';
import { locateNamed, namedInput, namedRequest, pathOfNamed, wordsOfNamed } from './named-object.ts';
import { assessRead } from './read-place.ts';
import { examples } from './wait.examples.ts';
import { conditionOf, type Seen, seeCondition, usualCondition } from './wait-condition.ts';

const usualSeconds = 120;
const mostSeconds = 300;

const waitInput = namedInput.extend({
  condition: z.string(),
  seconds: z.number().int().min(1).max(mostSeconds),
  /** The object that was there when it was asked for. */
  uid: z.string(),
});
type WaitInput = z.infer<typeof waitInput>;

export const wait = defineOperation({
  ...readParts,
  id: 'kubernetes.wait',
  version: 1,
  summary:
    'Waits until a resource is available, ready, rolled out, complete or deleted; five minutes at most.',
  request: namedRequest.extend({
    condition: z.string().optional(),
    timeout: z.string().optional().describe('As typed: 90s, 3m.'),
  }),
  input: waitInput,
  output: z.object({ condition: z.string(), seconds: z.number(), state: z.string() }),
  examples,
  connections: ['kubernetes'],
  limits: { seconds: mostSeconds + 30, memoryMb: 256 },
  async resolve({ condition: said, timeout, ...request }, reader) {
    const seconds = timeout === undefined ? usualSeconds : secondsOf(timeout);
    if (seconds === undefined || seconds > mostSeconds) {
      const reason = `"${timeout}" is no time to wait: say e.g. 90s or 3m, five minutes at most.`;
      return { kind: 'impossible', reason };
    }
    const located = await locateNamed(request, reader, { verb: 'wait for', firstKind: true });
    if (located.kind !== 'located') return located;
    const { at, cluster } = located;
    const condition = said === undefined ? usualCondition(at.kind) : conditionOf(said);
    if (condition === undefined) {
      const options = [{ label: 'deleted', patch: { condition: 'deleted' } }];
      const text = `What shall be waited for: until the ${wordsOfNamed(at)} is …?`;
      return { kind: 'question', question: { text, field: 'condition', options } };
    }
    const live = await cluster.get(pathOfNamed(at));
    return { kind: 'input', input: { ...at, condition, seconds, uid: live.metadata?.uid ?? '' } };
  },
  assess: (input) => assessRead(input, `${input.kind.toLowerCase()}/${input.name}`),
  describe: (input) => ({
    title: `Wait until ${wordsOfNamed(input)} is ${input.condition}`,
    byHand: `kubectl ${input.namespace === undefined ? '' : `-n ${input.namespace} `}wait ${input.kind.toLowerCase()}/${input.name} --for=${flagOf(input.condition)} --timeout=${input.seconds}s`,
  }),
  execute: (input, reader) => untilMet(input, reader),
  render: ({ condition, seconds, state }, input) => ({
    kind: 'text',
    text: `The ${wordsOfNamed(input)} is ${condition} (${state}), after ${seconds} s.`,
  }),
});

/** Looks again and again. @throws FaultError `timeout`, or `unhealthy` when it can never come. */
async function untilMet(input: WaitInput, reader: Reader) {
  const started = reader.now().getTime();
  let told = '';
  for (let pause = 300; ; pause = Math.min(3000, pause * 1.5)) {
    const { met, line, over } = await look(input, reader);
    const seconds = Math.round((reader.now().getTime() - started) / 1000);
    if (met) return { condition: input.condition, seconds, state: line };
    if (over !== undefined)
      throw new FaultError(
        'unhealthy',
        `The ${wordsOfNamed(input)} will not be ${input.condition}: ${over}.`,
      );
    if (seconds >= input.seconds) {
      const message = `The ${wordsOfNamed(input)} was not ${input.condition} within ${input.seconds} s: ${line}.`;
      throw new FaultError('timeout', message);
    }
    if (line !== told) reader.report(line);
    told = line;
    await reader.sleep(pause);
  }
}

async function look(input: WaitInput, reader: Reader): Promise<Seen> {
  const live = await openCluster(reader, input.connection).find(pathOfNamed(input));
  const there = live !== undefined && live.metadata?.uid === input.uid;
  if (input.condition === 'deleted') {
    const finalizers = (live?.metadata?.finalizers ?? []).join(', ');
    const state =
      live?.metadata?.deletionTimestamp === undefined ? 'nobody deletes it' : 'it is being deleted';
    return { met: !there, line: there ? `${state}${finalizers && `, held by ${finalizers}`}` : 'it is gone' };
  }
  if (!there) return { met: false, line: 'it is gone', over: 'it was deleted' };
  return seeCondition(kindNamed(input.kind), live, input.condition);
}

/** "90s", "3m", "2 minutes", "45" as seconds. */
function secondsOf(text: string): number | undefined {
  const [, number = '', unit = 's'] =
    /^(\d{1,4})\s*(s|sec|seconds?|m|min|minutes?)?$/i.exec(text.trim()) ?? [];
  if (number === '' || Number(number) === 0) return undefined;
  return Number(number) * (unit.toLowerCase().startsWith('m') ? 60 : 1);
}

function flagOf(condition: string): string {
  return condition === 'deleted' ? 'delete' : `condition=${condition.replaceAll(' ', '-')}`;
}
