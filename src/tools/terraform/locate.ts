import type { ConnectionView } from '../../domain/environment.ts';
import { nearNames } from '../../domain/near-names.ts';
import type { QuestionOption, Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { placesFor } from '../../domain/resolve-environment.ts';
import type { WorkspaceInput } from './workspace.ts';

/**
 * The one configured workspace that a request means: by its name, its folder, or the last parts of the folder's path.
 * Without a word there must be only one; several that fit, and near names, are a question.
 */
export function locateWorkspace(
  request: { path?: string | undefined; environment?: string | undefined },
  { environments }: Pick<Reader, 'environments'>,
  verb: string,
): Resolution<WorkspaceInput> {
  const places = placesFor(environments, 'terraform', request.environment);
  if (places.kind !== 'places') return places;
  const { connections } = places;
  const word = plain(request.path ?? '');
  const fits = word === '' ? connections : connections.filter((connection) => isMeant(connection, word));
  const [only, ...others] = fits;
  if (only !== undefined && others.length === 0) return inputOf(only);
  if (only !== undefined) return ask(`Which workspace do you want to ${verb}?`, fits);
  const near = nearNames(
    word.split('/').at(-1) ?? word,
    connections.map(({ name }) => name),
  );
  const meant = connections.filter(({ name }) => near.includes(name));
  const missing = `There is no Terraform workspace "${word}"`;
  if (meant.length > 0) return ask(`${missing}. Did you mean this?`, meant);
  const known = connections.map(({ environment, name }) => `${name} (${environment})`).slice(0, 15);
  const how = 'Workspaces are configured under an environment in reign.yaml: terraform.';
  return { kind: 'impossible', reason: `${missing}. There are: ${known.join(', ')}. ${how}` };
}

function plain(path: string): string {
  return path.trim().replace(/^\.\//, '').replace(/\/+$/, '').replace(/^\.$/, '');
}

function isMeant({ id, name, terraform }: ConnectionView, word: string): boolean {
  if (word === id || word.toLowerCase() === name.toLowerCase()) return true;
  return `/${plain(terraform?.path ?? '')}`.endsWith(`/${word.replace(/^\//, '')}`);
}

function inputOf({ id, environment, name, terraform }: ConnectionView): Resolution<WorkspaceInput> {
  return { kind: 'input', input: { environment, connection: id, name, path: terraform?.path ?? name } };
}

function ask(text: string, connections: readonly ConnectionView[]): Resolution<WorkspaceInput> {
  const options = connections.slice(0, 10).map(
    ({ id, environment, name }): QuestionOption => ({
      label: `${environment}: ${name}`,
      patch: { path: name, environment: id },
    }),
  );
  return { kind: 'question', question: { text, field: 'path', options } };
}
