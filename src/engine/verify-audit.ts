import { type AuditCheckpoint, type AuditRow, chainStart, checkpointHash, rowHash } from '../domain/audit.ts';
import { sha256 } from '../domain/json.ts';
import type { Verifier } from './ports.ts';

/** An audit row with its payload text, unless that was erased. */
export type AuditRecord = AuditRow & { payload?: string };

/** Everything that can be checked: rows ordered by chain and seq, and checkpoints by id. */
export type AuditSource = {
  rows(): AsyncIterable<AuditRecord>;
  checkpoints(): AsyncIterable<AuditCheckpoint>;
};

export type AuditProblem = { where: string; what: string };

export type AuditReport =
  | { ok: true; rows: number; chains: number; checkpoints: number; erasedPayloads: number }
  | { ok: false; rows: number; problem: AuditProblem };

/**
 * Walks every chain from its start and holds it against the signed checkpoints. Stops at the first bad row and names
 * it. Needs no database: an export verifies the same way.
 */
export async function verifyAudit(
  source: AuditSource,
  verifier: Verifier,
  anchored?: ReadonlyMap<number, string>,
): Promise<AuditReport> {
  const marks = await readCheckpoints(source, verifier, anchored);
  if ('problem' in marks) return { ok: false, rows: 0, problem: marks.problem };
  const heads = new Map<string, number>();
  let rows = 0;
  let erasedPayloads = 0;
  let previous = { chain: '', seq: 0, hash: chainStart };
  for await (const row of source.rows()) {
    if (row.chain !== previous.chain) previous = { chain: row.chain, seq: 0, hash: chainStart };
    const what = problemOf(row, previous) ?? marks.problemAt(row);
    if (what) return { ok: false, rows, problem: { where: `${row.chain} row ${row.seq}`, what } };
    if (row.payload === undefined) erasedPayloads += 1;
    previous = row;
    heads.set(row.chain, row.seq);
    rows += 1;
  }
  for (const [chain, seq] of marks.last) {
    const have = heads.get(chain) ?? 0;
    if (have < seq) {
      const what = `rows are missing: the chain ends here, and a signed checkpoint saw row ${seq}`;
      return { ok: false, rows, problem: { where: `${chain} row ${have + 1}`, what } };
    }
  }
  return { ok: true, rows, chains: heads.size, checkpoints: marks.count, erasedPayloads };
}

function problemOf(row: AuditRecord, previous: { seq: number; hash: string }): string | undefined {
  if (row.seq !== previous.seq + 1) return `row ${previous.seq + 1} is missing before it`;
  if (row.previous !== previous.hash) return 'it does not follow the row before it';
  if (row.payload !== undefined && sha256(row.payload) !== row.payloadHash) return 'its payload was changed';
  if (rowHash(row) !== row.hash) return 'it was changed: its hash does not match';
  return undefined;
}

type Marks = {
  count: number;
  last: ReadonlyMap<string, number>;
  problemAt(row: AuditRow): string | undefined;
};

async function readCheckpoints(
  source: AuditSource,
  verifier: Verifier,
  anchored: ReadonlyMap<number, string> | undefined,
): Promise<Marks | { problem: AuditProblem }> {
  const marks = new Map<string, string>();
  const last = new Map<string, number>();
  let count = 0;
  let previous = { id: 0, hash: chainStart };
  for await (const checkpoint of source.checkpoints()) {
    const where = `checkpoint ${checkpoint.id}`;
    if (checkpoint.id !== previous.id + 1 || checkpoint.previous !== previous.hash) {
      return { problem: { where, what: 'it does not follow the checkpoint before it' } };
    }
    if (checkpointHash(checkpoint) !== checkpoint.hash) return { problem: { where, what: 'it was changed' } };
    if (!verifier.verify(checkpoint.hash, checkpoint.signature)) {
      return { problem: { where, what: 'its signature is not the gateway’s' } };
    }
    const anchor = anchored?.get(checkpoint.id);
    if (anchor !== undefined && anchor !== checkpoint.hash) {
      return { problem: { where, what: 'it differs from the one that was anchored' } };
    }
    for (const { chain, seq, hash } of checkpoint.heads) {
      marks.set(`${chain} ${seq}`, hash);
      last.set(chain, seq);
    }
    previous = checkpoint;
    count += 1;
  }
  const newest = Math.max(0, ...(anchored?.keys() ?? []));
  if (newest > previous.id) {
    return { problem: { where: `checkpoint ${previous.id + 1}`, what: 'it was anchored and is missing' } };
  }
  const problemAt = (row: AuditRow) => {
    const hash = marks.get(`${row.chain} ${row.seq}`);
    return hash === undefined || hash === row.hash ? undefined : 'a signed checkpoint saw another row here';
  };
  return { count, last, problemAt };
}
