import type { Duplex } from 'node:stream';
import type { Fault } from '../../../domain/fault.ts';

const longestReason = 300;

/** Answers a CONNECT that does not pass. Its status line says why: that is all that most programs show of it. */
export function refuseTunnel(socket: Duplex, fault: Fault): void {
  socket.on('error', () => {});
  const body = JSON.stringify({ message: fault.message, fault });
  const reason = fault.message.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, longestReason);
  socket.end(
    `HTTP/1.1 ${fault.code === 'unreachable' ? 502 : 403} ${reason}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `x-reign-fault: ${fault.code}\r\nconnection: close\r\n\r\n${body}`,
  );
}
