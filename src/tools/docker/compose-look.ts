import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openDocker } from './client.ts';
import { readCompose } from './compose-file.ts';
import type { UpInput } from './compose-input.ts';
import { type Project, projectOf } from './compose-project.ts';
import { planProject } from './compose-state.ts';
import { copyOf } from './locate-folder.ts';
import { mountsAt } from './place.ts';

export async function readProject(
  at: Pick<UpInput, 'folder' | 'below' | 'file'>,
  into: string,
  mounts: readonly string[],
): Promise<Project> {
  const text = await readFile(join(into, at.file), 'utf8').catch(() => {
    throw new FaultError('not-found', `There is no ${at.file} in the folder (any more).`);
  });
  const folderName = at.below.split('/').at(-1) || at.folder.split('/').at(-1) || '';
  return projectOf(readCompose(text, folderName), join(at.below, at.file), mounts);
}

/** The names of an input are those that the file had when it was asked for. */
export async function readPlan(input: UpInput, reader: Reader) {
  const docker = await openDocker(reader, input.connection);
  const { into } = await copyOf(input, reader);
  const project = await readProject(input, into, mountsAt(input, reader));
  const names = project.services.map(({ plan }) => plan.name);
  if (project.name !== input.project || canonicalJson(names) !== canonicalJson(input.containers))
    throw new FaultError(
      'world-changed',
      'The compose file names other services than when this was asked for. Ask again.',
    );
  return { docker, project, plan: await planProject(docker, project, input.environment) };
}
