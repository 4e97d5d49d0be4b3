import type Dockerode from 'dockerode';
import { FaultError, toFault } from '../../domain/fault.ts';
import { said } from './client.ts';
import { found } from './place.ts';

/** A whole reference, with its tag or digest; undefined for what is none. */
export function imageReference(text: string): string | undefined {
  const part = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
  const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\\d{1,5})?/)?';
  const pattern = new RegExp(
    `^${host}${part}(?:/${part})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
  );
  const name = text.trim();
  if (!pattern.test(name) || name.length > 255) return undefined;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return /[:@]/.test(last) ? name : `${name}:latest`;
}

export function imageProblem(text: string): string {
  return `"${text}" is no name of an image: write it like nginx:1.27 or registry.example/team/api:1.4.`;
}

/** Undefined when the engine does not have it. */
export function findImage(
  docker: Dockerode,
  reference: string,
  where: string,
): Promise<Dockerode.ImageInspectInfo | undefined> {
  return found(docker.getImage(reference).inspect(), where);
}

/** Fetches an image from its registry, with progress. @throws FaultError with the registry's words */
export async function pullImage(
  docker: Dockerode,
  reference: string,
  where: string,
  report: (line: string) => void,
): Promise<void> {
  const cut = reference.includes('@') ? reference.indexOf('@') : reference.lastIndexOf(':');
  const query = { fromImage: reference.slice(0, cut), tag: reference.slice(cut + 1) };
  const failed = `${reference} could not be pulled`;
  const stream = await said(docker.createImage({ _query: query, _body: {} }), where).catch((error) => {
    const { code, message } = toFault(error);
    throw new FaultError(code, `${failed}. ${message}`, { cause: error });
  });
  await followStream(docker, stream, failed, ({ status, id }) => {
    if (status !== undefined) report(id === undefined ? status : `${id}: ${status}`);
  });
}

/** One line of what an engine says while it pulls or builds. */
export type Progress = { stream?: string; status?: string; id?: string; error?: string };

/** Reads to the end of a pull or build. @throws FaultError `unhealthy` with the error that it ends in */
export async function followStream(
  docker: Dockerode,
  stream: NodeJS.ReadableStream,
  failed: string,
  hear: (said: Progress) => void,
): Promise<void> {
  let wrong: string | undefined;
  await new Promise<void>((resolve, reject) => {
    const done = (error: Error | null) => {
      const why = error?.message ?? wrong;
      if (why === undefined) resolve();
      else reject(new FaultError('unhealthy', `${failed}: ${why}`));
    };
    docker.modem.followProgress(stream, done, (said: Progress) => {
      // The engine answers 200 before it knows how it ends.
      wrong ??= said.error;
      hear(said);
    });
  });
}
