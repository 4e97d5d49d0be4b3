import { EventEmitter } from 'node:events';

/** How long changes are gathered before others are told, in milliseconds. */
const gatherMs = 25;

export type Changes = {
  /** A conversation has changed here. */
  changed(conversationId: string): void;
  /** Somebody else says that conversations have changed. */
  heard(conversationIds: readonly string[]): void;
  onChange(listener: (conversationId: string) => void): () => void;
  stop(): void;
};

/** Tells this process at once and the others in bursts, so that a busy plan costs one notice, not hundreds. */
export function createChanges(tellOthers: (conversationIds: string[]) => Promise<void>): Changes {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const gathered = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const ids = [...gathered];
    gathered.clear();
    // A lost notice costs a few seconds: every listener also looks for itself.
    void tellOthers(ids).catch(() => {});
  };
  return {
    changed(conversationId) {
      emitter.emit('change', conversationId);
      gathered.add(conversationId);
      timer ??= setTimeout(flush, gatherMs);
    },
    heard: (conversationIds) => {
      for (const id of conversationIds) emitter.emit('change', id);
    },
    onChange(listener) {
      emitter.on('change', listener);
      return () => emitter.off('change', listener);
    },
    stop: () => clearTimeout(timer),
  };
}
