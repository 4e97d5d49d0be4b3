import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Alert } from '../domain/alert.ts';
import { toFault } from '../domain/fault.ts';
import type { Webhook } from '../domain/ports/chat-platform.ts';
import { type AlertOptions, receiveAlerts } from '../engine/chat/receive-alerts.ts';
import type { GatewayEngine } from '../engine/engine.ts';
import { storable } from '../engine/storable.ts';

/** Alerts of one request; Alertmanager sends a group at a time. */
const mostAlerts = 500;

const words = z.record(z.string(), z.string()).default({});
const payloadSchema = z.object({
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: words,
        annotations: words,
        startsAt: z.iso.datetime({ offset: true }),
        fingerprint: z.string().min(1).max(200),
      }),
    )
    .max(mostAlerts),
});

/** Labels that people name an environment by, best first. */
const environmentLabels = ['environment', 'env', 'cluster'];

/**
 * Where Alertmanager posts its webhook (version 4): `POST /alerts` with the bearer token. Answers 401 without it, 400
 * for what is no such webhook, and 500 when it could not be stored, so that Alertmanager sends it again.
 */
export function alertsWebhook(
  engine: GatewayEngine,
  { token, ...options }: AlertOptions & { token: string },
): Webhook {
  return {
    path: '/alerts',
    async handle({ headers, body }) {
      if (!sameSecret(headers['authorization'] ?? '', `Bearer ${token}`))
        return { status: 401, body: 'The token does not fit: give Alertmanager that of REIGN_ALERTS_TOKEN.' };
      const parsed = payloadSchema.safeParse(readJson(body));
      if (!parsed.success) return { status: 400, body: z.prettifyError(parsed.error) };
      try {
        await receiveAlerts(engine, parsed.data.alerts.map(toAlert), options);
        return { status: 200, body: 'ok' };
      } catch (error) {
        engine.logger.warn({ error: toFault(error).message }, 'alerts could not be stored');
        return { status: 500, body: 'They could not be stored; send them again.' };
      }
    },
  };
}

function toAlert({ status, labels, annotations, startsAt, fingerprint }: Told): Alert {
  const { alertname = 'alert', ...others } = labels;
  const label = environmentLabels.find((name) => labels[name] !== undefined);
  const environment = label === undefined ? undefined : labels[label];
  const about = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  const summary = annotations['summary'] ?? annotations['description'] ?? annotations['message'] ?? alertname;
  return {
    fingerprint: storable(fingerprint),
    firing: status === 'firing',
    name: storable(alertname),
    ...(environment === undefined ? {} : { environment: storable(environment) }),
    summary: storable(summary),
    about: storable(about.join(', ')),
    labels: storable(labels),
    startsAt: new Date(startsAt),
  };
}

type Told = z.output<typeof payloadSchema>['alerts'][number];

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameSecret(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}
