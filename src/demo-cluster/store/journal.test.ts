import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../types.ts';
import { type Entry, openJournal } from './journal.ts';
import { openStore } from './store.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-journal-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function object(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'n', uid: name, creationTimestamp: '' },
  };
}

test('a journal cut at any byte reads as its whole lines, and goes on', async () => {
  const entries: Entry[] = ['a', 'ü', 'c'].map((name, index) => ({
    revision: index + 1,
    type: 'put',
    resource: 'configmaps',
    object: object(name),
  }));
  const { journal } = await openJournal(folder);
  await journal.append(entries);
  await journal.close();
  const file = join(folder, 'journal.jsonl');
  const whole = readFileSync(file);
  for (let cut = 0; cut <= whole.length; cut += 7) {
    writeFileSync(file, whole.subarray(0, cut));
    const first = await openJournal(folder);
    const lines = whole.subarray(0, cut).toString('latin1').split('\n').length - 1;
    expect(first.entries).toEqual(entries.slice(0, lines));
    await first.journal.append([{ revision: 9, type: 'delete', resource: 'configmaps', key: 'n/a' }]);
    await first.journal.close();
    const second = await openJournal(folder);
    expect(second.entries.length).toBe(lines + 1);
    await second.journal.close();
  }
});

test('damage in the middle is not passed over', async () => {
  writeFileSync(join(folder, 'journal.jsonl'), '{"revision":1\n{"revision":2}\n');
  await expect(openJournal(folder)).rejects.toThrow('is damaged at byte 0');
});

test('compaction keeps everything, and lines older than the snapshot are skipped', async () => {
  const { journal } = await openJournal(folder);
  const entry: Entry = { revision: 1, type: 'put', resource: 'configmaps', object: object('a') };
  await journal.append([entry]);
  await journal.compact({ revision: 5, objects: [{ resource: 'configmaps', object: object('b') }] });
  // As if the process had died between the snapshot and the cut of the journal.
  await journal.append([entry]);
  await journal.close();
  const store = await openStore(folder);
  expect(store.list('configmaps').map(({ metadata }) => metadata.name)).toEqual(['b']);
  expect(store.revision()).toBe(5);
  await store.close();
});

test('a store reopened shows what was stored, and its history does not reach back', async () => {
  const store = await openStore(folder);
  const seen: string[] = [];
  store.onStored(({ type, object: { metadata } }) => seen.push(`${type} ${metadata.name}`));
  store.put('configmaps', object('a'));
  const b = store.put('configmaps', object('b'));
  store.remove('configmaps', b);
  expect(seen).toEqual([]);
  await store.stored();
  expect(seen).toEqual(['ADDED a', 'ADDED b', 'DELETED b']);
  expect(store.listAt('configmaps', 'n', 2)?.length).toBe(2);
  await store.close();

  const again = await openStore(folder);
  expect(again.revision()).toBe(3);
  expect(again.list('configmaps', 'n').map(({ metadata }) => metadata.resourceVersion)).toEqual(['1']);
  expect(again.changesSince(1)).toBeUndefined();
  expect(again.changesSince(3)).toEqual([]);
  await again.close();
});
