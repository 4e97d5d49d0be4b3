import { equal, type JsonObject } from '../json.ts';
import type { Schema } from '../schema/schema.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';
import { fieldsOf, fromFieldsV1, toFieldsV1 } from './field-set.ts';

/** Who writes, as it is noted in managedFields. */
export interface Writer {
  manager: string;
  operation: 'Apply' | 'Update';
  subresource?: string | undefined;
}

/** An entry with its paths unfolded. */
export interface Owned {
  entry: ManagedFieldsEntry;
  paths: Set<string>;
}

export function readOwned(object: KubeObject | undefined): Owned[] {
  return (object?.metadata.managedFields ?? []).map((entry) => ({
    entry,
    paths: fromFieldsV1(entry.fieldsV1),
  }));
}

export function isSameWriter(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    (entry.subresource ?? '') === (writer.subresource ?? '')
  );
}

/** managedFields after an update: the writer owns what it changed, and nobody owns what is gone. */
export function ownedAfterUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  schema: Schema,
  writer: Writer,
  now: string,
): ManagedFieldsEntry[] | undefined {
  const status = writer.subresource === 'status';
  const old = before === undefined ? new Map() : fieldsOf(before, schema, { containers: true, status });
  const next = fieldsOf(after, schema, { containers: true, status });
  const changed = new Set([...next].filter(([path, value]) => old.get(path) !== value).map(([path]) => path));
  const removed = new Set([...old.keys()].filter((path) => !next.has(path)));
  if (changed.size === 0 && removed.size === 0) return before?.metadata.managedFields;
  const owned = readOwned(before);
  for (const { entry, paths } of owned) {
    const own = isSameWriter(entry, writer);
    for (const path of removed) paths.delete(path);
    // Containers are shared; only values change hands.
    if (!own) for (const path of changed) if (next.get(path) !== '') paths.delete(path);
  }
  return withOwner(owned, writer, changed, after.apiVersion, now);
}

/** The entries with the writer's paths added, empty ones left out. */
export function withOwner(
  owned: Owned[],
  writer: Writer,
  paths: Set<string>,
  apiVersion: string,
  now: string,
): ManagedFieldsEntry[] | undefined {
  const own = owned.find(({ entry }) => isSameWriter(entry, writer));
  const ownPaths = writer.operation === 'Apply' ? paths : new Set([...(own?.paths ?? []), ...paths]);
  const entries = (own === undefined ? [...owned, undefined] : owned).flatMap((each) => {
    if (each !== undefined && each !== own) {
      return each.paths.size === 0 ? [] : [{ ...each.entry, fieldsV1: toFieldsV1(each.paths) }];
    }
    return ownPaths.size === 0 ? [] : [ownEntry(own?.entry, writer, toFieldsV1(ownPaths), apiVersion, now)];
  });
  return entries.length === 0 ? undefined : entries;
}

function ownEntry(
  previous: ManagedFieldsEntry | undefined,
  writer: Writer,
  fieldsV1: JsonObject,
  apiVersion: string,
  now: string,
): ManagedFieldsEntry {
  const isSame = previous !== undefined && equal(previous.fieldsV1, fieldsV1);
  const subresource = writer.subresource === undefined ? {} : { subresource: writer.subresource };
  const { manager, operation } = writer;
  const time = isSame ? previous.time : now;
  return { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1, ...subresource };
}
