import type { ConnectionView } from '../../domain/environment.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { askJson } from './ask.ts';

export type Firing = {
  name: string;
  severity: string;
  /** When it began, ISO 8601. */
  since: string;
  about: string;
  silenced: boolean;
};

type FromAlertmanager = {
  labels: { [label: string]: string };
  annotations: { [name: string]: string };
  startsAt: string;
  status: { state: string; silencedBy: string[] };
};
type FromPrometheus = {
  data: {
    alerts: {
      labels: { [label: string]: string };
      annotations: { [name: string]: string };
      state: string;
      activeAt: string;
    }[];
  };
};

/** What fires, as an Alertmanager or a Prometheus tells it, the newest first. */
export async function firingAlerts(
  reader: Reader,
  { id, kind }: Pick<ConnectionView, 'id' | 'kind'>,
): Promise<Firing[]> {
  const found =
    kind === 'alertmanager' ? await fromAlertmanager(reader, id) : await fromPrometheus(reader, id);
  return found.sort((a, b) => b.since.localeCompare(a.since));
}

async function fromAlertmanager(reader: Reader, id: string): Promise<Firing[]> {
  const all = await askJson<FromAlertmanager[]>(reader, id, {
    method: 'GET',
    path: '/api/v2/alerts?active=true',
  });
  return all.map(({ labels, annotations, startsAt, status }) => ({
    ...parts(labels, annotations),
    since: startsAt,
    silenced: status.silencedBy.length > 0,
  }));
}

async function fromPrometheus(reader: Reader, id: string): Promise<Firing[]> {
  const { data } = await askJson<FromPrometheus>(reader, id, { method: 'GET', path: '/api/v1/alerts' });
  return data.alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations, activeAt }) => ({
      ...parts(labels, annotations),
      since: activeAt,
      silenced: false,
    }));
}

function parts(labels: { [label: string]: string }, annotations: { [name: string]: string }) {
  const { alertname = 'unnamed', severity = '', ...others } = labels;
  const said = annotations['summary'] ?? annotations['description'];
  const about =
    said ??
    Object.entries(others)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ');
  return { name: alertname, severity, about };
}
