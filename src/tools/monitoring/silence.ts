import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { FaultError } from '../../domain/fault.ts';
import { sha256 } from '../../domain/json.ts';
import { nearNames } from '../../domain/near-names.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { ask, askJson, refusalOf } from './ask.ts';
import { firingAlerts } from './firing.ts';
import { examples } from './silence.examples.ts';

const mostSeconds = 7 * 86_400;

const silenceInput = z.strictObject({
  environment: z.string(),
  connection: z.string(),
  alert: z.string().min(1).max(200),
  seconds: z.number().int().min(60).max(mostSeconds),
  /** Written into the silence, so that it is known again. */
  mark: z.string(),
});
type SilenceInput = z.infer<typeof silenceInput>;
type Silence = { id: string; comment: string; endsAt: string; status: { state: string } };

export const silence = defineOperation({
  id: 'monitoring.silence',
  version: 1,
  summary: 'Silences an alert for a while; it ends by itself.',
  request: z.strictObject({
    alert: z.string().optional(),
    duration: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: silenceInput,
  output: z.object({ id: z.string(), endsAt: z.string() }),
  effect: 'create',
  repeat: 'verify-first',
  previews: 'computed',
  examples,
  connections: ['alertmanager'],
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: 60, memoryMb: 256 },
  async resolve({ alert, duration, environment }, reader) {
    const one = onePlace(reader.environments, 'alertmanager', environment);
    if (one.kind !== 'place') return one;
    const { id, environment: name } = one.connection;
    const firing = await firingAlerts(reader, { id, kind: 'alertmanager' });
    const names = [...new Set(firing.map((it) => it.name))];
    const found = names.find((it) => it.toLowerCase() === alert?.trim().toLowerCase());
    if (found === undefined) return askAlert(alert, names, name);
    const seconds = duration === undefined ? undefined : parseDuration(duration);
    if (duration === undefined || seconds === undefined) {
      const options = ['1h', '4h', '24h'].map((each) => ({ label: each, patch: { duration: each } }));
      return {
        kind: 'question',
        question: { text: `For how long shall ${found} be silent?`, field: 'duration', options },
      };
    }
    const mark = sha256(`${reader.now().toISOString()} ${id} ${found}`).slice(0, 12);
    const input = silenceInput.safeParse({ environment: name, connection: id, alert: found, seconds, mark });
    if (input.success) return { kind: 'input', input: input.data };
    return { kind: 'impossible', reason: 'A silence lasts from a minute to seven days.' };
  },
  assess: ({ environment, connection, alert, seconds }) => ({
    effect: 'create',
    targets: [`alert:${connection}/${alert}`],
    environment,
    objects: 1,
    reasons: [`hides an alert for ${inWords(seconds)}`],
  }),
  describe: ({ alert, seconds, environment }) => ({
    title: `Silence ${alert} in ${environment} for ${inWords(seconds)}`,
    byHand: `amtool silence add --duration=${seconds}s alertname='${alert.replaceAll("'", "'\\''")}'`,
  }),
  async preview(input, reader) {
    const firing = await firingAlerts(reader, { id: input.connection, kind: 'alertmanager' });
    const hidden = firing.filter(({ name }) => name === input.alert);
    const critical = hidden.some(({ severity }) => severity === 'critical');
    return {
      kind: 'computed',
      before: { silenced: hidden.length > 0 && hidden.every(({ silenced }) => silenced) },
      after: { silenced: true, for: inWords(input.seconds) },
      fingerprint: { alert: input.alert },
      summary: `${hidden.length} of it fire now`,
      warnings: hidden.length === 0 ? ['It does not fire now; it is silenced all the same.'] : [],
      raises: critical ? [{ level: 'high' as const, reason: 'hides a critical alert' }] : [],
      server: input.connection,
    };
  },
  egress: ({ connection }) => [
    { connection, method: 'POST', path: '/api/v2/silences' },
    { connection, method: 'DELETE', path: /\/api\/v2\/silence\/[0-9a-f-]{36}/ },
  ],
  async execute(input, writer, { approved }) {
    if (!approved) throw new FaultError('refused', 'A change without an approved preview is not made.');
    const now = writer.now().getTime();
    const endsAt = new Date(now + input.seconds * 1000).toISOString();
    const body = {
      matchers: [{ name: 'alertname', value: input.alert, isRegex: false, isEqual: true }],
      ...{ startsAt: new Date(now).toISOString(), endsAt },
      ...{ createdBy: 'reign', comment: commentOf(input) },
    };
    const asked = { method: 'POST', path: '/api/v2/silences', body: JSON.stringify(body) };
    const { silenceID } = await askJson<{ silenceID: string }>(writer, input.connection, asked);
    return { id: silenceID, endsAt };
  },
  landed: async (input, reader) => ((await ownSilences(input, reader)).length > 0 ? 'yes' : 'no'),
  async verify(input, reader) {
    const active = (await ownSilences(input, reader)).find(({ status }) => status.state === 'active');
    if (active === undefined) return { state: 'failed', evidence: 'The silence is not there.' };
    return {
      state: 'healthy',
      evidence: `Silent until ${active.endsAt.slice(0, 16).replace('T', ' ')} UTC.`,
    };
  },
  undo: {
    kind: 'reversible',
    capture: async () => ({}),
    async previewRestore(input, _undo, reader) {
      const active = (await ownSilences(input, reader)).filter(isOpen).length;
      return {
        kind: 'computed',
        before: { silenced: active > 0 },
        after: { silenced: false },
        fingerprint: { alert: input.alert },
        summary: active > 0 ? 'ends the silence' : 'The silence is over already.',
        ...{ warnings: [], raises: [], server: input.connection },
      };
    },
    async restore(input, _undo, writer) {
      for (const { id } of (await ownSilences(input, writer)).filter(isOpen)) {
        const path = `/api/v2/silence/${id}`;
        const answer = await ask(writer, input.connection, { method: 'DELETE', path });
        if (answer.status >= 400 && answer.status !== 404) throw refusalOf(input.connection, answer);
      }
    },
    async verifyRestored(input, _undo, reader) {
      const over = !(await ownSilences(input, reader)).some(isOpen);
      return {
        state: over ? 'healthy' : 'failed',
        evidence: `The silence is ${over ? 'over' : 'still active'}.`,
      };
    },
  },
  render: ({ endsAt }, { alert }) => ({
    kind: 'text',
    text: `${alert} is silent until ${endsAt.slice(0, 16).replace('T', ' ')} UTC.`,
  }),
});

function askAlert(alert: string | undefined, names: readonly string[], environment: string) {
  if (names.length === 0)
    return {
      kind: 'impossible' as const,
      reason: `Nothing fires in ${environment}: there is nothing to silence.`,
    };
  const near = alert === undefined ? names : nearNames(alert, names);
  if (near.length === 0)
    return {
      kind: 'impossible' as const,
      reason: `No "${alert}" fires in ${environment}. What fires: ${names.join(', ')}.`,
    };
  const text =
    alert === undefined ? 'Which alert?' : `No "${alert}" fires in ${environment}. Did you mean this?`;
  const options = near.slice(0, 10).map((each) => ({ label: each, patch: { alert: each } }));
  return { kind: 'question' as const, question: { text, field: 'alert', options } };
}

function commentOf({ mark }: SilenceInput): string {
  return `By Reign on request (${mark}).`;
}

async function ownSilences(input: SilenceInput, reader: Reader): Promise<Silence[]> {
  const all = await askJson<Silence[]>(reader, input.connection, { method: 'GET', path: '/api/v2/silences' });
  return all.filter(({ comment }) => comment === commentOf(input));
}

function isOpen({ status }: Silence): boolean {
  return status.state !== 'expired';
}

function inWords(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
