import type { KubeObject } from '../types.ts';
import { type Entry, type Journal, openJournal } from './journal.ts';

/** One change of one object, in the order of revisions. */
export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  revision: number;
  resource: string;
  object: KubeObject;
  previous: KubeObject | undefined;
}

/**
 * The objects of one cluster. Reads see a write at once; `stored()` tells when everything written so far
 * is on the disk, and only then may it be acknowledged. Objects taken from here must not be changed.
 */
export interface Store {
  revision(): number;
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined;
  list(resource: string, namespace?: string): KubeObject[];
  /** The objects as they were at a revision; undefined when the history does not reach back so far. */
  listAt(resource: string, namespace: string | undefined, revision: number): KubeObject[] | undefined;
  resources(): string[];
  put(resource: string, object: KubeObject): KubeObject;
  remove(resource: string, object: KubeObject): KubeObject;
  stored(): Promise<void>;
  /** Stored changes after a revision; undefined when the history does not reach back so far. */
  changesSince(revision: number): Change[] | undefined;
  /** Called right after each write. */
  onWrite(listener: (change: Change) => void): void;
  /** Called with each change once it is on the disk; returns how to stop. */
  onStored(listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}

const historyLength = 1000;

/** Opens the store in a folder, with everything that was acknowledged before. */
export async function openStore(folder: string): Promise<Store> {
  const { journal, snapshot, entries } = await openJournal(folder);
  const objects: Tables = new Map();
  for (const { resource, object } of snapshot.objects) tableOf(objects, resource).set(keyOf(object), object);
  for (const entry of entries) replay(objects, entry);
  return new JournaledStore(journal, objects, entries.at(-1)?.revision ?? snapshot.revision);
}

class JournaledStore implements Store {
  private readonly journal: Journal;
  private readonly objects: Tables;
  private present: number;
  private storedRevision: number;
  /** Changes after this revision are in the history. */
  private historyStart: number;
  private readonly history: Change[] = [];
  private pending: Change[] = [];
  private flushing: Promise<void> | undefined;
  private broken: Error | undefined;
  private readonly writeListeners: ((change: Change) => void)[] = [];
  private readonly storedListeners = new Set<(change: Change) => void>();

  constructor(journal: Journal, objects: Tables, revision: number) {
    this.journal = journal;
    this.objects = objects;
    this.present = revision;
    this.storedRevision = revision;
    this.historyStart = revision;
  }

  revision(): number {
    return this.present;
  }

  resources(): string[] {
    return [...this.objects.keys()];
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.objects.get(resource)?.get(`${namespace ?? ''}/${name}`);
  }

  list(resource: string, namespace?: string): KubeObject[] {
    return sorted(this.objects.get(resource)?.values() ?? [], namespace);
  }

  listAt(resource: string, namespace: string | undefined, target: number): KubeObject[] | undefined {
    if (target === this.present) return this.list(resource, namespace);
    if (target < this.historyStart || target > this.present) return undefined;
    const table = new Map(this.objects.get(resource) ?? []);
    for (const change of [...this.history, ...this.pending].reverse()) {
      if (change.revision <= target || change.resource !== resource) continue;
      if (change.previous === undefined) table.delete(keyOf(change.object));
      else table.set(keyOf(change.object), change.previous);
    }
    return sorted(table.values(), namespace);
  }

  put(resource: string, object: KubeObject): KubeObject {
    const next = this.stamp(object);
    const table = tableOf(this.objects, resource);
    const previous = table.get(keyOf(next));
    table.set(keyOf(next), next);
    this.record(previous === undefined ? 'ADDED' : 'MODIFIED', resource, next, previous);
    return next;
  }

  remove(resource: string, object: KubeObject): KubeObject {
    const last = this.stamp(object);
    const table = tableOf(this.objects, resource);
    const previous = table.get(keyOf(last));
    table.delete(keyOf(last));
    this.record('DELETED', resource, last, previous);
    return last;
  }

  async stored(): Promise<void> {
    const wanted = this.present;
    while (this.broken === undefined && this.storedRevision < wanted)
      await this.flushing?.catch(() => undefined);
    if (this.broken !== undefined) throw this.broken;
  }

  changesSince(revision: number): Change[] | undefined {
    if (revision < this.historyStart) return undefined;
    return this.history.filter((change) => change.revision > revision);
  }

  onWrite(listener: (change: Change) => void): void {
    this.writeListeners.push(listener);
  }

  onStored(listener: (change: Change) => void): () => void {
    this.storedListeners.add(listener);
    return () => this.storedListeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.flushing?.catch(() => undefined);
    await this.journal.close();
  }

  private stamp(object: KubeObject): KubeObject {
    this.present += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.present) } };
  }

  private record(
    type: Change['type'],
    resource: string,
    object: KubeObject,
    previous: KubeObject | undefined,
  ): void {
    const change = { type, revision: this.present, resource, object, previous };
    this.pending.push(change);
    if (this.flushing === undefined) {
      this.flushing = this.flush();
      // A failed flush is kept in `broken` and told to everybody who waits in stored().
      this.flushing.catch(() => undefined);
    }
    for (const listener of this.writeListeners) listener(change);
  }

  /** Writes what is pending, batch by batch: writes that come meanwhile share the next sync. */
  private async flush(): Promise<void> {
    await Promise.resolve();
    try {
      while (this.pending.length > 0) {
        const batch = this.pending;
        this.pending = [];
        await this.journal.append(batch.map(toEntry));
        this.publish(batch);
        if (this.journal.isLarge()) {
          await this.journal.compact({ revision: this.present, objects: allOf(this.objects) });
        }
      }
    } catch (error) {
      this.broken = new Error(`the demo cluster could not store a write: ${(error as Error).message}`);
      throw this.broken;
    } finally {
      this.flushing = undefined;
    }
  }

  private tell(listener: (change: Change) => void, change: Change): void {
    try {
      listener(change);
    } catch {
      // The write is stored: a reader that fails loses its place, nobody else does.
      this.storedListeners.delete(listener);
    }
  }

  private publish(batch: Change[]): void {
    for (const change of batch) {
      this.history.push(change);
      this.storedRevision = change.revision;
      for (const listener of this.storedListeners) this.tell(listener, change);
    }
    if (this.history.length <= historyLength * 1.2) return;
    const dropped = this.history.splice(0, this.history.length - historyLength);
    this.historyStart = dropped.at(-1)?.revision ?? this.historyStart;
  }
}

type Tables = Map<string, Map<string, KubeObject>>;

/** The place of an object within its resource: `namespace/name`. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function toEntry(change: Change): Entry {
  const { revision, resource, object } = change;
  if (change.type === 'DELETED') return { revision, type: 'delete', resource, key: keyOf(object) };
  return { revision, type: 'put', resource, object };
}

function replay(objects: Tables, entry: Entry): void {
  const table = tableOf(objects, entry.resource);
  if (entry.type === 'delete') table.delete(entry.key);
  else table.set(keyOf(entry.object), entry.object);
}

function tableOf(objects: Tables, resource: string): Map<string, KubeObject> {
  let table = objects.get(resource);
  if (table === undefined) {
    table = new Map();
    objects.set(resource, table);
  }
  return table;
}

function sorted(values: Iterable<KubeObject>, namespace: string | undefined): KubeObject[] {
  const chosen: [key: string, object: KubeObject][] = [];
  for (const object of values) {
    if (namespace === undefined || object.metadata.namespace === namespace)
      chosen.push([keyOf(object), object]);
  }
  return chosen.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object);
}

function allOf(objects: Tables): { resource: string; object: KubeObject }[] {
  return [...objects].flatMap(([resource, table]) =>
    [...table.values()].map((object) => ({ resource, object })),
  );
}
