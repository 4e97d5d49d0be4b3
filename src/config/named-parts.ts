import type { z } from 'zod';
import { defined } from '../domain/defined.ts';
import { isObject } from '../domain/json.ts';
import { clusterSchema, dockerSchema } from './environment-schema.ts';

export type Item = { position: number; text: string };
export type NamedPerson = {
  index: number;
  name: string | undefined;
  slack: string | undefined;
  teams: string | undefined;
  oidc: string | undefined;
  /** Undefined where none are given. */
  roles: readonly Item[] | undefined;
};
export type NamedGroup = { index: number; name: string | undefined; roles: readonly Item[] };
export type NamedEnvironment = {
  name: string;
  aliases: readonly Item[];
  clusterNames: readonly string[];
  dockerNames: readonly string[];
  /** Kind and name. */
  serviceNames: readonly (readonly [string, string])[];
  /** Only those that are well-formed. */
  clusters: readonly (readonly [string, z.output<typeof clusterSchema>])[];
  docker: readonly (readonly [string, z.output<typeof dockerSchema>])[];
  writes: unknown;
  gitops: Partial<Record<'repository' | 'branch' | 'path', string>> | undefined;
  github: readonly { name: string; repositories: readonly string[] }[];
};

/** The people in data that may be malformed in other parts. */
export function peopleIn(data: unknown): NamedPerson[] {
  const people = mapping(data).people;
  if (!Array.isArray(people)) return [];
  return people.map((each, index) => {
    const { name, slack, teams, oidc, roles } = mapping(each);
    return {
      index,
      name: text(name),
      slack: text(slack),
      teams: text(teams),
      oidc: text(oidc),
      roles: roles === undefined ? undefined : items(roles),
    };
  });
}

/** The groups in data that may be malformed in other parts. */
export function groupsIn(data: unknown): NamedGroup[] {
  const { groups } = mapping(data);
  if (!Array.isArray(groups)) return [];
  return groups.map((each, index) => {
    const { name, roles } = mapping(each);
    return { index, name: text(name), roles: items(roles) };
  });
}

/** Names of who is on call, in data that may be malformed in other parts. */
export function onCallIn(data: unknown): string[] {
  return items(mapping(mapping(data).approvals).onCall).map(({ text }) => text);
}

/** In whose name things are done about alerts, in data that may be malformed in other parts. */
export function alertRulesIn(data: unknown): Item[] {
  const { rules } = mapping(mapping(data).alerts);
  return items(Array.isArray(rules) ? rules.map((each) => mapping(each).as) : undefined);
}

/** Who is told on which rung, in data that may be malformed in other parts. */
export function ladderIn(data: unknown): (Item & { rung: number })[] {
  const { escalate } = mapping(mapping(data).chat);
  if (!Array.isArray(escalate)) return [];
  return escalate.flatMap((each, rung) => items(mapping(each).to).map((item) => ({ ...item, rung })));
}

/** The MCP servers in data that may be malformed in other parts. */
export function mcpIn(data: unknown): { name: string; environment: string | undefined }[] {
  return Object.entries(mapping(mapping(data).mcp)).map(([name, each]) => {
    return { name, environment: text(mapping(each).environment) };
  });
}

/** The environments in data that may be malformed in other parts; undefined where there is no mapping of them. */
export function environmentsIn(data: unknown): NamedEnvironment[] | undefined {
  const { environments } = mapping(data);
  if (!isObject(environments)) return undefined;
  return Object.entries(environments).map(([name, each]) => {
    const { aliases, clusters, docker, ...others } = mapping(each);
    return {
      serviceNames: serviceKinds.flatMap((kind) =>
        Object.keys(mapping(others[kind])).map((key) => [kind, key] as const),
      ),
      name,
      aliases: items(aliases),
      clusterNames: Object.keys(mapping(clusters)),
      dockerNames: Object.keys(mapping(docker)),
      clusters: wellFormed(clusterSchema, clusters),
      docker: wellFormed(dockerSchema, docker),
      writes: others.writes,
      gitops: others.gitops === undefined ? undefined : gitopsIn(mapping(others.gitops)),
      github: Object.entries(mapping(others.github)).map(([name, github]) => ({
        name,
        repositories: items(mapping(github).repositories).map(({ text }) => text),
      })),
    };
  });
}

const serviceKinds = ['github', 'prometheus', 'alertmanager', 'apis', 'folders', 'terraform'];

function wellFormed<T>(schema: z.ZodType<T>, value: unknown): (readonly [string, T])[] {
  return Object.entries(mapping(value)).flatMap(([name, each]) => {
    const parsed = schema.safeParse(each);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
}

function items(value: unknown): Item[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each, position) => (typeof each === 'string' ? [{ position, text: each }] : []));
}

function gitopsIn({ repository, branch, path }: Record<string, unknown>): NamedEnvironment['gitops'] {
  return defined({ repository: text(repository), branch: text(branch), path: text(path) });
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function mapping(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
