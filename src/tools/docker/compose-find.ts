import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { parse } from 'yaml';
import type { Reader } from '../../domain/ports/reader.ts';
import { said } from './client.ts';
import { composeFiles, projectName } from './compose-file.ts';
import { composeLabels } from './compose-project.ts';
import { locateFolder } from './locate-folder.ts';
import type { DaemonInput, Unplaced } from './place.ts';

/** The project that runs and that a person means: by its name, or by its compose file in a configured folder. */
export async function findProject(
  path: string | undefined,
  { environment }: DaemonInput,
  docker: Dockerode,
  reader: Reader,
): Promise<{ kind: 'project'; project: string } | Unplaced> {
  const filters = JSON.stringify({ label: [composeLabels.project] });
  const listed = await said(docker.listContainers({ all: true, filters }), environment);
  const projects = [...new Set(listed.map(({ Labels }) => Labels[composeLabels.project] ?? ''))].sort();
  const named = path?.trim() ?? '';
  if (projects.length === 0)
    return { kind: 'impossible', reason: `No compose project runs in ${environment}.` };
  if (named === '') return ask('Which compose project do you want to take down?', projects);
  if (projects.includes(named)) return { kind: 'project', project: named };
  const holds = ({ files }: { files: readonly { path: string }[] }, file: string | undefined) =>
    files.some((it) => (file === undefined ? composeFiles.includes(it.path) : it.path === file));
  const located = await locateFolder(named, environment, reader, holds, 'compose file');
  if (located.kind === 'question') return located;
  if (located.kind === 'impossible')
    return ask(`There is no compose project "${named}". Which one do you mean?`, projects);
  const { listing, folder, below } = located;
  const file =
    located.file ?? composeFiles.find((name) => listing.files.some((it) => it.path === name)) ?? '';
  const own = nameIn(await readFile(join(listing.into, file), 'utf8'));
  const project = projectName(own ?? (below.split('/').at(-1) || folder.split('/').at(-1) || ''));
  if (projects.includes(project)) return { kind: 'project', project };
  return ask(
    `Nothing of the compose project ${project} runs in ${environment}. Do you mean another?`,
    projects,
  );
}

function nameIn(text: string): string | undefined {
  try {
    const { name } = parse(text) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function ask(text: string, projects: readonly string[]): Unplaced {
  const options = projects.slice(0, 10).map((project) => ({ label: project, patch: { path: project } }));
  return { kind: 'question', question: { text, field: 'path', options } };
}
