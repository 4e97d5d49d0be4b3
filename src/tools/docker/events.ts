import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openDocker, said } from './client.ts';
import { examples } from './events.examples.ts';
import { assessDaemons, daemonInput, everyDaemon } from './place.ts';

const usualSeconds = 3600;
const mostShown = 50;
const row = z.object({ environment: z.string(), time: z.string(), thing: z.string(), what: z.string() });

export const events = defineOperation({
  ...readParts,
  id: 'docker.events',
  version: 1,
  summary: 'Shows what happened at an engine lately: what started, died, was made or removed.',
  request: z.strictObject({ name: z.string().optional(), since: z.string().optional() }),
  input: z.strictObject({
    daemons: z.array(daemonInput).min(1),
    name: z.string().nullable(),
    seconds: z.number().int().min(1),
  }),
  output: z.object({ events: z.array(row), left: z.number() }),
  examples,
  connections: ['docker'],
  async resolve({ name, since }, reader) {
    const seconds = since === undefined ? usualSeconds : parseDuration(since);
    if (seconds === undefined)
      return { kind: 'impossible', reason: `"${since}" is no length of time: write 10m, 2h or yesterday.` };
    const every = await everyDaemon(reader);
    if (every.kind !== 'daemons') return every;
    return {
      kind: 'input',
      input: { daemons: every.daemons, name: name ?? null, seconds: Math.max(1, Math.round(seconds)) },
    };
  },
  assess: ({ daemons }) => assessDaemons(daemons),
  describe: ({ daemons, name, seconds }) => ({
    title: `Show events of ${name ?? 'Docker'} in ${daemons.map(({ environment }) => environment).join(', ')}`,
    byHand: `docker events --since ${seconds}s --until 0s${name === null ? '' : ` --filter container=${name}`}`,
  }),
  async execute({ daemons, name, seconds }, reader) {
    const until = Math.floor(reader.now().getTime() / 1000);
    const filters = name === null ? {} : { filters: JSON.stringify({ container: [name] }) };
    const lists = daemons.map(async ({ connection, environment }) => {
      const docker = await openDocker(reader, connection);
      const options = { since: until - seconds, until, ...filters } as object;
      const stream = await said(docker.getEvents(options), environment);
      const lines = (await said(text(stream), environment)).split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => rowOf(JSON.parse(line) as DockerEvent, environment));
    });
    const all = (await Promise.all(lists)).flat().sort((a, b) => a.time.localeCompare(b.time));
    return { events: all.slice(-mostShown), left: Math.max(0, all.length - mostShown) };
  },
  render({ events, left }, { daemons }) {
    if (events.length === 0) return { kind: 'text', text: 'Nothing happened in that time.' };
    const several = daemons.length > 1;
    const rows = events.map(({ environment, time, thing, what }) => [
      ...(several ? [environment] : []),
      time,
      thing,
      what,
    ]);
    const note = left === 0 ? {} : { note: `${left} earlier events are left out.` };
    return {
      kind: 'table',
      columns: [...(several ? ['Environment'] : []), 'Time', 'What', 'Happened'],
      rows,
      ...note,
    };
  },
});

type DockerEvent = {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: { [name: string]: string } };
  time: number;
};

/** The command of an exec stands behind a colon, and may hold secrets: only what was done is kept. */
function rowOf({ Type, Action, Actor, time }: DockerEvent, environment: string) {
  const { name, exitCode } = Actor.Attributes ?? {};
  const action = Action.startsWith('exec_') ? (Action.split(':')[0] ?? '') : Action;
  return {
    environment,
    time: new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' '),
    thing: `${Type} ${name ?? Actor.ID.replace('sha256:', '').slice(0, 12)}`,
    what: exitCode === undefined ? action : `${action} (exit code ${exitCode})`,
  };
}
