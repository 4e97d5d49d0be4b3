import { readFile } from 'node:fs/promises';
import type { AuditCheckpoint } from '../domain/audit.ts';
import { FaultError } from '../domain/fault.ts';
import type { AuditRecord, AuditSource } from '../engine/verify-audit.ts';

type Line =
  | { kind: 'key'; publicKey: string }
  | ({ kind: 'checkpoint' } & AuditCheckpoint)
  | ({ kind: 'row' } & AuditRecord);

/** The whole audit as JSON lines: the public key, the checkpoints, the rows. Verifies with no database. */
export async function* exportLines(source: AuditSource, publicKeyFile: string): AsyncIterable<string> {
  const publicKey = await readFile(publicKeyFile, 'utf8');
  yield line({ kind: 'key', publicKey });
  for await (const checkpoint of source.checkpoints()) yield line({ kind: 'checkpoint', ...checkpoint });
  for await (const row of source.rows()) yield line({ kind: 'row', ...row });
}

function line(value: Line): string {
  return `${JSON.stringify(value)}\n`;
}

function readLine(text: string, index: number): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    throw new FaultError('bad-request', `The export is damaged: line ${index + 1} of it is not JSON.`);
  }
}

/** Reads an export back. The key in it only tells who signed; pass the one you trust to check against. */
export function readExport(text: string): { publicKey: string; source: AuditSource } {
  const lines = text.split('\n').filter(Boolean).map(readLine);
  const key = lines.find((one) => one.kind === 'key');
  return {
    publicKey: key?.kind === 'key' ? key.publicKey : '',
    source: {
      async *checkpoints() {
        for (const one of lines) if (one.kind === 'checkpoint') yield one;
      },
      async *rows() {
        for (const one of lines) if (one.kind === 'row') yield one;
      },
    },
  };
}
