import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoCluster } from '../../src/demo-cluster/index.ts';
import { type Api, apiOf, deployment, startFast, temporaryFolder, token, until } from './support.ts';

/** The API beyond what kubectl shows: lists, watches, writes, deletes, dry runs. */

const { folder, remove } = temporaryFolder();
const core = '/api/v1/namespaces/test';
const apps = '/apis/apps/v1/namespaces/test';
const configMaps = `${core}/configmaps`;
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
const merge = { 'content-type': 'application/merge-patch+json' };
const jsonPatch = { 'content-type': 'application/json-patch+json' };
const applyPatch = { 'content-type': 'application/apply-patch+yaml' };
let cluster: DemoCluster;
let api: Api;

beforeAll(async () => {
  cluster = await startFast(folder);
  api = apiOf(cluster.url);
  await api('POST', '/api/v1/namespaces', { metadata: { name: 'test' } });
});

afterAll(async () => {
  await cluster.close();
  remove();
});

describe('lists and watches', () => {
  test('pages, selectors and their mistakes', async () => {
    for (const name of ['a', 'b', 'c']) {
      await api('POST', configMaps, { metadata: { name, labels: { letter: name, kind: 'letters' } } });
    }
    const first = await api('GET', `${configMaps}?limit=2&labelSelector=kind%3Dletters`);
    expect(names(first.body)).toEqual(['a', 'b']);
    expect(first.body.metadata.remainingItemCount).toBe(1);
    await api('POST', configMaps, { metadata: { name: 'bb', labels: { kind: 'letters' } } });
    const next = encodeURIComponent(first.body.metadata.continue);
    const second = await api('GET', `${configMaps}?limit=2&labelSelector=kind%3Dletters&continue=${next}`);
    expect(names(second.body)).toEqual(['c']);
    const selected = async (selector: string) =>
      names((await api('GET', `${configMaps}?labelSelector=${encodeURIComponent(selector)}`)).body);
    expect(await selected('letter in (a,c)')).toEqual(['a', 'c']);
    expect(await selected('kind=letters,letter notin (a,b)')).toEqual(['bb', 'c']);
    expect(await selected('kind,!letter')).toEqual(['bb']);
    expect(await selected('letter!=a,kind')).toEqual(['b', 'bb', 'c']);
    expect((await api('GET', `${configMaps}?labelSelector=%3D%3D`)).status).toBe(400);
    expect(names((await api('GET', `${configMaps}?fieldSelector=metadata.name%3Db`)).body)).toEqual(['b']);
    expect((await api('GET', `${configMaps}?fieldSelector=data%3Db`)).body.message).toBe(
      'field label not supported: data',
    );
    expect(
      (await api('GET', '/api/v1/configmaps?fieldSelector=metadata.namespace%3Dtest')).body.items.length,
    ).toBe(4);
  });

  test('a watch resumes where the list ended', async () => {
    const { body } = await api('GET', configMaps);
    await api('POST', configMaps, { metadata: { name: 'watched' } });
    await api('PATCH', `${configMaps}/watched`, { data: { a: 'b' } }, merge);
    await api('DELETE', `${configMaps}/watched`);
    const events = await watch(`${configMaps}?resourceVersion=${body.metadata.resourceVersion}`, 3);
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    expect(events[1]?.object.data).toEqual({ a: 'b' });
  });

  test('initial events end with a bookmark', async () => {
    const query = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
    const events = await watch(`${configMaps}?${query}&labelSelector=letter`, 4);
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'ADDED', 'BOOKMARK']);
    expect(events[3]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  test('an object that stops matching is deleted for the watcher', async () => {
    const { body } = await api('GET', configMaps);
    await api('PATCH', `${configMaps}/a`, { metadata: { labels: { letter: null } } }, merge);
    const path = `${configMaps}?labelSelector=letter&resourceVersion=${body.metadata.resourceVersion}`;
    expect((await watch(path, 1))[0]?.type).toBe('DELETED');
  });
});

describe('writes', () => {
  test('strategic merge patch merges containers, env and ports by name', async () => {
    const container = {
      name: 'web',
      image: 'nginx:1',
      env: [{ name: 'A', value: '1' }],
      ports: [{ containerPort: 80 }],
    };
    const body = deployment('merge', 'nginx:1', 0, {
      template: { metadata: { labels: { app: 'merge' } }, spec: { containers: [container] } },
    });
    await api('POST', `${apps}/deployments`, body);
    const change = {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                env: [
                  { name: 'B', value: '2' },
                  { name: 'A', $patch: 'delete' },
                ],
              },
              { name: 'side', image: 'busybox:1' },
            ],
          },
        },
      },
    };
    const { body: patched } = await api('PATCH', `${apps}/deployments/merge`, change, strategic);
    const [web, side] = patched.spec.template.spec.containers;
    expect(web).toMatchObject({
      image: 'nginx:1',
      env: [{ name: 'B', value: '2' }],
      ports: [{ containerPort: 80 }],
    });
    expect(side.image).toBe('busybox:1');
    expect(patched.metadata.generation).toBe(2);
    const status = await until(async () => {
      const live = (await api('GET', `${apps}/deployments/merge`)).body;
      return live.status?.observedGeneration === 2 && live.status;
    });
    expect(status.conditions.length).toBe(2);
  });

  test('a JSON patch whose test fails changes nothing', async () => {
    const change = [
      { op: 'test', path: '/metadata/name', value: 'other' },
      { op: 'add', path: '/data', value: { x: 'y' } },
    ];
    expect((await api('PATCH', `${configMaps}/b`, change, jsonPatch)).status).toBe(422);
    change[0] = { op: 'test', path: '/metadata/name', value: 'b' };
    expect((await api('PATCH', `${configMaps}/b`, change, jsonPatch)).body.data).toEqual({ x: 'y' });
  });

  test('an update that changes nothing writes nothing', async () => {
    const { body } = await api('GET', `${configMaps}/b`);
    const again = await api('PUT', `${configMaps}/b`, body);
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test('dry runs answer as the write would and change nothing', async () => {
    const before = await api('GET', configMaps);
    const created = await api('POST', `${configMaps}?dryRun=All`, { metadata: { name: 'ghost' } });
    expect([created.status, created.body.metadata.resourceVersion]).toEqual([201, undefined]);
    const patched = await api('PATCH', `${configMaps}/b?dryRun=All`, { data: { q: 'r' } }, merge);
    expect(patched.body.data).toEqual({ x: 'y', q: 'r' });
    expect((await api('DELETE', `${configMaps}/b?dryRun=All`)).status).toBe(200);
    expect((await api('DELETE', `${configMaps}/b`, { dryRun: ['All'] })).status).toBe(200);
    expect((await api('DELETE', `${configMaps}?dryRun=All`)).status).toBe(200);
    const taken = await api('POST', `${configMaps}?dryRun=All`, { metadata: { name: 'b' } });
    expect(taken.body.reason).toBe('AlreadyExists');
    expect((await api('POST', `${configMaps}?dryRun=yes`, { metadata: { name: 'z' } })).status).toBe(422);
    const after = await api('GET', configMaps);
    expect(after.body.items).toEqual(before.body.items);
  });

  test('server-side apply: ownership, removal, force, no write when nothing changes', async () => {
    const path = (manager: string, more = '') => `${configMaps}/owned?fieldManager=${manager}${more}`;
    const config = (data: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'owned' },
      data,
    });
    expect((await api('PATCH', path('one'), config({ a: '1', b: '1' }), applyPatch)).status).toBe(201);
    expect((await api('PATCH', path('two'), config({ a: '1', c: '2' }), applyPatch)).status).toBe(200);
    const dropped = await api('PATCH', path('one'), config({ b: '1' }), applyPatch);
    expect(dropped.body.data).toEqual({ a: '1', b: '1', c: '2' });
    const clash = await api('PATCH', path('one'), config({ a: '9', c: '9', b: '1' }), applyPatch);
    expect(clash.status).toBe(409);
    expect(clash.body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "two":\n- .data.a\n- .data.c',
    );
    const forced = await api('PATCH', path('one', '&force=true'), config({ a: '9', b: '1' }), applyPatch);
    expect(forced.body.data).toEqual({ a: '9', b: '1', c: '2' });
    const again = await api('PATCH', path('one'), config({ a: '9', b: '1' }), applyPatch);
    expect(again.body.metadata.resourceVersion).toBe(forced.body.metadata.resourceVersion);
    const unknown = await api('PATCH', path('one'), { ...config({}), extra: 1 }, applyPatch);
    expect(unknown.body.message).toContain('field not declared in schema');
    const nobody = await api('PATCH', `${configMaps}/owned`, config({}), applyPatch);
    expect(nobody.body.message).toContain('fieldManager: Required value');
  });

  test('validation names every field', async () => {
    const body = deployment('Bad_Name', '', -1, { selector: { matchLabels: { app: 'other' } } });
    const { status, body: refusal } = await api('POST', `${apps}/deployments`, body);
    expect(status).toBe(422);
    expect(refusal.details.causes.map(({ field }: { field: string }) => field)).toEqual([
      'metadata.name',
      'spec.replicas',
      'spec.template.metadata.labels',
      'spec.template.spec.containers[0].image',
    ]);
    const wrongType = await api('PATCH', `${apps}/deployments/merge`, { spec: { replicas: 'three' } }, merge);
    expect(wrongType.status).toBe(400);
    expect(wrongType.body.message).toContain('cannot unmarshal string into Go struct field');
    const selector = { spec: { selector: { matchLabels: { app: 'new' } } } };
    expect((await api('PATCH', `${apps}/deployments/merge`, selector, merge)).body.message).toContain(
      'field is immutable',
    );
  });

  test('scale takes a precondition', async () => {
    const { body } = await api('GET', `${apps}/deployments/merge/scale`);
    body.spec.replicas = 1;
    body.metadata.resourceVersion = '1';
    expect((await api('PUT', `${apps}/deployments/merge/scale`, body)).body.reason).toBe('Conflict');
    delete body.metadata.resourceVersion;
    expect((await api('PUT', `${apps}/deployments/merge/scale`, body)).body.spec.replicas).toBe(1);
    expect(
      (await api('PATCH', `${apps}/deployments/merge/scale`, { spec: { replicas: -1 } }, merge)).status,
    ).toBe(422);
  });
});

describe('deletes', () => {
  test('the body replaces the query, and preconditions hold', async () => {
    await api('POST', configMaps, { metadata: { name: 'doomed' } });
    const wrong = { preconditions: { uid: 'somebody-else' } };
    expect((await api('DELETE', `${configMaps}/doomed`, wrong)).status).toBe(409);
    const reply = await api('DELETE', `${configMaps}/doomed?dryRun=All`, {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
    });
    expect(reply.body).toMatchObject({ status: 'Success', details: { name: 'doomed', kind: 'configmaps' } });
    expect((await api('GET', `${configMaps}/doomed`)).status).toBe(404);
  });

  test('options that cannot be read delete nothing', async () => {
    await api('POST', configMaps, { metadata: { name: 'safe' } });
    const path = `${configMaps}/safe`;
    expect((await api('DELETE', path, { dryRun: 'All' })).status).toBe(400);
    expect((await api('DELETE', path, { dryRun: ['Some'] })).status).toBe(422);
    expect((await api('DELETE', path, { kind: 'ConfigMap' })).status).toBe(400);
    expect((await api('DELETE', path, '{"dryRun":')).status).toBe(400);
    expect((await api('DELETE', `${path}?gracePeriodSeconds=soon`)).status).toBe(400);
    expect((await api('DELETE', `${path}?propagationPolicy=Sideways`)).status).toBe(422);
    expect((await api('GET', path)).status).toBe(200);
    const scale = `${apps}/deployments/merge/scale`;
    expect((await api('PATCH', scale, { spec: { replicas: 'many' } }, merge)).status).toBe(400);
    expect((await api('PUT', scale, { kind: 'Deployment', spec: { replicas: 5 } })).status).toBe(400);
  });

  test('foreground waits for dependents, orphan leaves them', async () => {
    await api('POST', `${apps}/deployments`, deployment('gone', 'nginx:1', 2));
    await until(
      async () => (await api('GET', `${apps}/deployments/gone`)).body.status?.availableReplicas === 2,
    );
    const marked = await api('DELETE', `${apps}/deployments/gone?propagationPolicy=Foreground`);
    expect(marked.body.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(marked.body.metadata.deletionTimestamp).toBeDefined();
    await until(async () => (await api('GET', `${apps}/deployments/gone`)).status === 404);
    expect(names((await api('GET', `${core}/pods?labelSelector=app%3Dgone`)).body)).toEqual([]);

    await api('POST', `${apps}/deployments`, deployment('kept', 'nginx:1', 1));
    await until(
      async () => (await api('GET', `${apps}/deployments/kept`)).body.status?.availableReplicas === 1,
    );
    await api('DELETE', `${apps}/deployments/kept`, { propagationPolicy: 'Orphan' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const sets = await api('GET', `${apps}/replicasets?labelSelector=app%3Dkept`);
    expect(sets.body.items[0].metadata.ownerReferences).toBeUndefined();
    // A Deployment of the same template takes the ReplicaSet's place without new pods being refused.
    expect(sets.body.items[0].status.availableReplicas).toBe(1);
  });
});

test('a revision from another life of the cluster, and namespaces that stay', async () => {
  expect((await api('GET', `${configMaps}?resourceVersion=99999999`)).body.code).toBe(504);
  expect((await api('GET', `${configMaps}?watch=1&resourceVersion=99999999`)).status).toBe(504);
  expect((await api('DELETE', '/api/v1/namespaces/kube-system')).body.reason).toBe('Forbidden');
});

describe('rollouts', () => {
  const available = async (name: string, count: number) =>
    until(async () => {
      const { status, metadata } = (await api('GET', `${apps}/deployments/${name}`)).body;
      const isDone =
        status?.availableReplicas === count && status.updatedReplicas === count && status.replicas === count;
      return isDone && status.observedGeneration === metadata.generation && status;
    });

  test('a rolling update keeps its promises', async () => {
    const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    await api('POST', `${apps}/deployments`, deployment('roll', 'nginx:1', 4, { strategy }));
    await available('roll', 4);
    const { body } = await api('GET', `${core}/pods`);
    await api('PATCH', `${apps}/deployments/roll`, image('roll', 'nginx:2'), strategic);
    await available('roll', 4);
    const path = `${apps}/deployments?fieldSelector=metadata.name%3Droll&resourceVersion=${body.metadata.resourceVersion}`;
    const events = await watch(path, 6);
    for (const { object } of events) {
      expect(object.status.availableReplicas).toBeGreaterThanOrEqual(4);
      expect(object.status.replicas).toBeLessThanOrEqual(5);
    }
  });

  test('recreate ends the old pods before it starts the new ones', async () => {
    await api(
      'POST',
      `${apps}/deployments`,
      deployment('again', 'nginx:1', 2, { strategy: { type: 'Recreate' } }),
    );
    await available('again', 2);
    const { body } = await api('GET', `${core}/pods`);
    await api('PATCH', `${apps}/deployments/again`, image('again', 'nginx:2'), strategic);
    await available('again', 2);
    const path = `${core}/pods?labelSelector=app%3Dagain&resourceVersion=${body.metadata.resourceVersion}`;
    const events = await watch(path, 6);
    const types = events.map(({ type }) => type).filter((type) => type !== 'MODIFIED');
    expect(types.slice(0, 3)).toEqual(['DELETED', 'DELETED', 'ADDED']);
  });

  test('a rollout that does not progress is told to have failed', async () => {
    const body = deployment('stuck', 'registry.demo/stuck:bad', 1, { progressDeadlineSeconds: 1 });
    await api('POST', `${apps}/deployments`, body);
    const stuck = await until(async () => {
      const { status } = (await api('GET', `${apps}/deployments/stuck`)).body;
      return status?.conditions?.find(
        (each: { reason: string }) => each.reason === 'ProgressDeadlineExceeded',
      );
    });
    expect(stuck.status).toBe('False');
  });

  test('a crashing image restarts a few times', async () => {
    await api('POST', `${apps}/deployments`, deployment('crash', 'registry.demo/app:crash', 1));
    await until(async () => {
      const { body } = await api('GET', `${core}/pods?labelSelector=app%3Dcrash`);
      const [status] = body.items[0]?.status?.containerStatuses ?? [];
      return status?.restartCount > 1 && status.state.waiting?.reason === 'CrashLoopBackOff';
    });
  });
});

describe('refusals', () => {
  test('what the demo cluster does not have it names', async () => {
    await api('POST', `${core}/pods`, {
      metadata: { name: 'single' },
      spec: { containers: [{ name: 'a', image: 'nginx' }] },
    });
    for (const [method, path, code] of [
      ['POST', `${core}/pods/single/exec?command=ls`, 501],
      ['POST', `${core}/pods/single/portforward`, 501],
      ['GET', `${apps}/statefulsets`, 404],
    ] as const) {
      const reply = await api(method, path);
      expect(reply.status).toBe(code);
      expect(reply.body.message).toContain('the demo cluster does not support');
    }
    const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    const body = 'k8s\0\n\u0013\n\u0007apps/v1\u0012\u0008Whatever';
    const reply = await api('POST', `${apps}/deployments`, body, protobuf);
    expect(reply.status).toBe(415);
    const yaml = { 'content-type': 'application/yaml' };
    expect((await api('POST', configMaps, 'metadata: {}', yaml)).status).toBe(415);
    expect((await api('DELETE', '/api/v1/namespaces')).status).toBe(405);
    expect((await api('GET', '/version')).body.platform).toBe('demo cluster staging');
    expect((await fetch(`${cluster.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${cluster.url}/apis`)).status).toBe(403);
  });
});

interface WatchEvent {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: objects of every kind
  object: any;
}

/** The first events of a watch. */
async function watch(path: string, count: number): Promise<WatchEvent[]> {
  const url = `${cluster.url}${path}&watch=true&timeoutSeconds=5`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const events: WatchEvent[] = [];
  let rest = '';
  for await (const chunk of response.body ?? []) {
    rest += Buffer.from(chunk).toString('utf8');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line) as WatchEvent));
    if (events.length >= count) break;
  }
  return events;
}

function names(list: { items: { metadata: { name: string } }[] }): string[] {
  return list.items.map((item) => item.metadata.name);
}

function image(name: string, value: string): object {
  return { spec: { template: { spec: { containers: [{ name, image: value }] } } } };
}
