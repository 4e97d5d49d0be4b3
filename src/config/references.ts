import { word, wordMessage } from './environment-schema.ts';
import { gitopsOverlaps, gitopsProblems } from './gitops.ts';
import type { PathProblem } from './issues.ts';
import {
  alertRulesIn,
  environmentsIn,
  groupsIn,
  ladderIn,
  mcpIn,
  type NamedEnvironment,
  onCallIn,
  peopleIn,
} from './named-parts.ts';
import { peopleProblems } from './people-problems.ts';
import { servingProblems } from './serving-problems.ts';

/**
 * What the shape alone cannot tell: doubled names, roles that do not exist or hold in no environment, clusters that
 * say nothing. Looks at whatever can be read, so that these problems are told together with those of the shape.
 */
export function referenceProblems(data: unknown): PathProblem[] {
  const environments = environmentsIn(data);
  const problems = peopleProblems(peopleIn(data), groupsIn(data), environments);
  if (environments?.length === 0) {
    problems.push({ path: ['environments'], message: 'environments: name at least one environment' });
  }
  return [
    ...problems,
    ...servingProblems(data),
    ...onCallProblems(data),
    ...ladderProblems(data),
    ...alertRuleProblems(data),
    ...nameProblems(environments ?? []),
    ...mcpProblems(data),
    ...(environments ?? []).flatMap(connectionProblems),
    ...(environments ?? []).flatMap(gitopsProblems),
    ...gitopsOverlaps(environments ?? []),
  ];
}

/** Servers become tools, so they are called as tools are. */
function mcpProblems(data: unknown): PathProblem[] {
  const names = environmentsIn(data)?.map(({ name }) => name) ?? [];
  return mcpIn(data).flatMap(({ name, environment }) => {
    const path = ['mcp', name];
    if (!/^[a-z][a-z0-9_]{0,30}$/.test(name) || name === 'mcp')
      return [{ path, message: `mcp: "${name}" is no name: expected a word in small letters` }];
    if (environment === undefined || names.includes(environment)) return [];
    return [{ path, message: `mcp.${name}.environment: "${environment}" is none of the environments` }];
  });
}

function onCallProblems(data: unknown): PathProblem[] {
  const names = peopleIn(data).map(({ name }) => name);
  return onCallIn(data).flatMap((name, index) => {
    if (names.includes(name)) return [];
    const path = ['approvals', 'onCall', index];
    return [{ path, message: `approvals.onCall[${index}]: "${name}" is nobody below people` }];
  });
}

/** Nobody has rights that nobody configured has: a person must be named. */
function alertRuleProblems(data: unknown): PathProblem[] {
  const names = peopleIn(data).map(({ name }) => name);
  return alertRulesIn(data).flatMap(({ position, text }) => {
    if (names.includes(text)) return [];
    const path = ['alerts', 'rules', position, 'as'];
    return [{ path, message: `alerts.rules[${position}].as: "${text}" is nobody below people` }];
  });
}

/** A name on the ladder that nobody has would leave an approval to expire unseen. */
function ladderProblems(data: unknown): PathProblem[] {
  const known = [...peopleIn(data), ...groupsIn(data)].map(({ name }) => name);
  return ladderIn(data).flatMap(({ rung, position, text }) => {
    if (text === 'onCall' || known.includes(text)) return [];
    const path = ['chat', 'escalate', rung, 'to', position];
    const message = `chat.escalate[${rung}].to[${position}]: "${text}" is no person, no group and not onCall`;
    return [{ path, message }];
  });
}

/** People call environments without regard to case, so names and aliases are compared without it. */
function nameProblems(environments: readonly NamedEnvironment[]): PathProblem[] {
  const problems: PathProblem[] = [];
  const owners = new Map<string, string>();
  for (const { name } of environments) {
    const path = ['environments', name];
    if (!word.test(name))
      problems.push({ path, message: `environments: "${name}" is no name: ${wordMessage}` });
    const other = owners.get(name.toLowerCase());
    if (other) problems.push({ path, message: `environments.${name}: differs from "${other}" only in case` });
    owners.set(name.toLowerCase(), name);
  }
  for (const { name, aliases } of environments) {
    for (const { position, text } of aliases) {
      const owner = owners.get(text.toLowerCase());
      const label = `environments.${name}.aliases[${position}]: "${text}"`;
      const wrong =
        owner === name ? 'is listed twice or is its own name' : `already means the environment "${owner}"`;
      if (owner === undefined) owners.set(text.toLowerCase(), name);
      else problems.push({ path: ['environments', name, 'aliases', position], message: `${label} ${wrong}` });
    }
  }
  return problems;
}

function connectionProblems({ name, clusters, docker, ...names }: NamedEnvironment): PathProblem[] {
  const problems: PathProblem[] = [];
  const say = (kind: string, key: string, message: string) =>
    problems.push({
      path: ['environments', name, kind, key],
      message: `environments.${name}.${kind}.${key}: ${message}`,
    });
  for (const key of names.clusterNames) if (!word.test(key)) say('clusters', key, wordMessage);
  for (const key of names.dockerNames) if (!word.test(key)) say('docker', key, wordMessage);
  for (const [kind, key] of names.serviceNames) if (!word.test(key)) say(kind, key, wordMessage);
  for (const [key, { context, kubeconfig, demo }] of clusters) {
    const real = context !== undefined || kubeconfig !== undefined;
    if (demo && real)
      say('clusters', key, 'a demo cluster has no context or kubeconfig: leave one of them out');
    if (!demo && !real)
      say('clusters', key, 'say which cluster: context: NAME of your kubeconfig, or demo: true');
  }
  for (const [key, { socket, host }] of docker) {
    if (socket !== undefined && host !== undefined) say('docker', key, 'give socket or host, not both');
  }
  return problems;
}
