import { parse } from 'yaml';
import type { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { isObject } from '../../domain/json.ts';
import { type ComposeFile, composeSchema } from './compose-schema.ts';

/** A compose file as it was read, and the name of its project. */
export type Compose = ComposeFile & { project: string };

/** Files of a folder that hold a project, in the order in which Compose looks for them. */
export const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/**
 * Reads a compose file. Variables have the defaults that the file gives them: no environment and no `.env` is read.
 * @throws FaultError `bad-request` that lists what is not understood or could reach the host
 */
export function readCompose(text: string, folderName: string): Compose {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100, merge: true });
  } catch (error) {
    throw bad([error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)]);
  }
  const problems: string[] = [];
  const filled = interpolate(withoutExtensions(value), problems);
  const read = composeSchema.safeParse(filled);
  if (!read.success) problems.push(...read.error.issues.flatMap(wordsOf));
  if (problems.length > 0 || !read.success) throw bad([...new Set(problems)]);
  const project = projectName(read.data.name ?? folderName);
  if (project === '') throw bad(['the project has no name: add `name:`']);
  return { ...read.data, project };
}

export function projectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

function bad(problems: readonly string[]): FaultError {
  const more = problems.length > 8 ? [`and ${problems.length - 8} more`] : [];
  return new FaultError(
    'bad-request',
    `The compose file is not taken: ${[...problems.slice(0, 8), ...more].join('; ')}.`,
  );
}

/** `x-…` is for whoever wrote it, at the top and in services. */
function withoutExtensions(value: unknown): unknown {
  if (!isObject(value)) return value;
  const top = dropExtensions(value);
  if (!isObject(top['services'])) return top;
  const services = Object.entries(top['services']).map(([name, service]) => [
    name,
    isObject(service) ? dropExtensions(service) : service,
  ]);
  return { ...top, services: Object.fromEntries(services) };
}

function dropExtensions(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !key.startsWith('x-')));
}

const variable = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?-)([^}]*)|:?\?[^}]*)?\}|(\{))/g;

function interpolate(value: unknown, problems: string[]): unknown {
  if (typeof value === 'string')
    return value.replace(variable, (_, dollar, plain, braced, _kind, otherwise, open) => {
      if (dollar !== undefined) return '$';
      if (otherwise !== undefined) return otherwise;
      if (open !== undefined) problems.push(`"${value}" has a form of variable that is not supported`);
      if (open !== undefined) return '';
      problems.push(
        `the variable ${plain ?? braced} has no value: write it as \${${plain ?? braced}:-value}`,
      );
      return '';
    });
  if (Array.isArray(value)) return value.map((item) => interpolate(item, problems));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, problems)]));
}

/** Keys by which a container gets at its host, whatever their value. */
const reaching = new Set(
  [
    'privileged',
    'devices',
    'cap_add',
    'pid',
    'ipc',
    'uts',
    'userns_mode',
    'cgroup',
    'cgroup_parent',
    'volumes_from',
  ].concat([
    'device_cgroup_rules',
    'sysctls',
    'security_opt',
    'network_mode',
    'runtime',
    'group_add',
    'gpus',
    'credential_spec',
  ]),
);

function wordsOf(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const where = at === '' ? key : `${at}.${key}`;
      return reaching.has(key) ? `${where} could reach the host` : `${where} is not supported`;
    });
  if (issue.path.some((part) => reaching.has(String(part)))) return [`${at} could reach the host`];
  return [`${at === '' ? 'the file' : at}: ${issue.message}`];
}
