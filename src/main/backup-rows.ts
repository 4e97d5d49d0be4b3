import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { FaultError } from '../domain/fault.ts';
import type { BackupLine } from '../store/backup.ts';

/** Writes one row a line and returns their number. A last line tells a whole file from one that was cut off. */
export async function writeRows(file: string, lines: AsyncIterable<BackupLine>): Promise<number> {
  let rows = 0;
  async function* text() {
    for await (const { table, row } of lines) {
      rows += 1;
      yield `${table}\t${row}\n`;
    }
    yield `end\t${rows}\n`;
  }
  await pipeline(Readable.from(text()), createGzip(), createWriteStream(file, { mode: 0o600 }));
  return rows;
}

/** The rows of a file of `writeRows`. Throws FaultError `bad-request` at the end of one that was cut off. */
export async function* readRows(file: string): AsyncIterable<BackupLine> {
  let rows = 0;
  for await (const line of linesOf(createReadStream(file).pipe(createGunzip()))) {
    const cut = line.indexOf('\t');
    const [table, row] = [line.slice(0, cut), line.slice(cut + 1)];
    if (table === 'end' && Number(row) === rows) return;
    rows += 1;
    yield { table, row };
  }
  throw new FaultError('bad-request', `${file} was cut off: take another backup.`);
}

/** Split at byte 10 alone: Node's readline takes more for the end of a line, and JSON may hold U+2028 as it is. */
async function* linesOf(source: AsyncIterable<Buffer>): AsyncIterable<string> {
  let parts: Buffer[] = [];
  for await (const chunk of source) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8');
      parts = [];
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
  }
}
