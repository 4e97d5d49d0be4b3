/**
 * The text of a container's log. Without a terminal Docker puts 8 bytes before each piece: the stream's number,
 * three zeros, and the length as a big-endian number.
 */
export function demultiplex(data: Buffer): string {
  const pieces: Buffer[] = [];
  let at = 0;
  while (at < data.length) {
    const isHeader = data.length - at >= 8 && (data[at] ?? 9) <= 2 && data.readUIntBE(at + 1, 3) === 0;
    if (!isHeader) return at === 0 ? data.toString('utf8') : Buffer.concat(pieces).toString('utf8');
    const length = data.readUInt32BE(at + 4);
    pieces.push(data.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
