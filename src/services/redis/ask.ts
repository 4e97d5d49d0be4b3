import { connect } from 'node:net';

/**
 * Signs in to the Redis on a loopback port and pings it. Returns its process id; undefined when nothing answers
 * or it does not know the password, so it is not ours.
 */
export async function askRedis(port: number, password: string): Promise<number | undefined> {
  const answer = await converse(port, `AUTH ${password}\r\nPING\r\nINFO server\r\nQUIT\r\n`);
  const pid = /^process_id:(\d+)\r?$/m.exec(answer)?.[1];
  return answer.includes('+PONG') && pid !== undefined ? Number(pid) : undefined;
}

async function converse(port: number, request: string): Promise<string> {
  return await new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    socket.setEncoding('utf8');
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > 100_000) socket.destroy();
    });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve(answer));
  });
}
