import type Dockerode from 'dockerode';
import { said } from './client.ts';
import { demultiplex } from './demultiplex.ts';

/** The last lines that a container wrote, of both its streams. */
export async function lastLines(
  container: Dockerode.Container,
  lines: number,
  where: string,
): Promise<string[]> {
  const options = { follow: false as const, stdout: true, stderr: true, tail: lines };
  const data = await said(container.logs(options), where);
  const text = demultiplex(Buffer.from(data)).trimEnd();
  return text === '' ? [] : text.split(/\r?\n/).slice(-lines);
}
