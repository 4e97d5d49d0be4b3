import type { Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { placesFor } from '../../domain/resolve-environment.ts';
import { environmentWord } from './ask-object.ts';
import { openCluster } from './client.ts';
import { ageText } from './event-rows.ts';
import { kindNamed, listPath } from './kinds.ts';
import { ownSets } from './pods.ts';
import type { Deployment, ReplicaSet } from './wire.ts';

type Place = { namespace?: string | undefined; environment?: string | undefined };
type Recent = { deployment: Deployment; since: number; images: string };

const mostOptions = 10;

/** Asks which deployment to roll back, the one that was rolled out last first, with what that changed. */
export async function askRecentRollout(request: Place, reader: Reader): Promise<Resolution<never>> {
  const places = placesFor(reader.environments, 'kubernetes', request.environment);
  if (places.kind !== 'places') return places;
  const now = reader.now().getTime();
  const found = await Promise.all(
    places.connections.map(async (connection) => {
      const rollouts = await rolloutsOf(reader, connection.id, request.namespace);
      const environment = environmentWord(reader.environments, connection);
      return rollouts.map((rollout) => ({ ...rollout, environment }));
    }),
  );
  const newest = found.flat().sort((a, b) => b.since - a.since);
  if (newest.length === 0)
    return { kind: 'impossible', reason: 'No deployment there has an earlier revision to go back to.' };
  const options = newest.slice(0, mostOptions).map(({ deployment, since, images, environment }) => {
    const { name = '', namespace = '' } = deployment.metadata ?? {};
    const label = `${namespace}/${name} (${environment}, ${ageText(now - since)} ago${images})`;
    return { label, patch: { name, namespace, environment } };
  });
  return {
    kind: 'question',
    question: { text: 'Which deployment shall be rolled back?', field: 'name', options },
  };
}

async function rolloutsOf(reader: Reader, connection: string, namespace: string | undefined) {
  const cluster = openCluster(reader, connection);
  const [deployments, sets] = await Promise.all([
    cluster.list<Deployment>(listPath(kindNamed('Deployment'), namespace)),
    cluster.list<ReplicaSet>(listPath(kindNamed('ReplicaSet'), namespace)),
  ]);
  return deployments.flatMap((deployment): Recent[] => {
    const [present, before] = ownSets(deployment, sets);
    if (present === undefined || before === undefined) return [];
    const since = Date.parse(present.metadata?.creationTimestamp ?? '') || 0;
    return [{ deployment, since, images: changeOf(before, present) }];
  });
}

/** ": 1.4.1 → 1.4.2", by the first image that differs. */
function changeOf(before: ReplicaSet, present: ReplicaSet): string {
  const images = (set: ReplicaSet) =>
    (set.spec?.template?.spec?.containers ?? []).map(({ image }) => image ?? '');
  const old = images(before);
  const at = images(present).findIndex((image, index) => image !== old[index]);
  if (at < 0) return '';
  const short = (image: string | undefined) => image?.split('/').at(-1) ?? '';
  return `: ${short(old[at])} → ${short(images(present)[at])}`;
}
