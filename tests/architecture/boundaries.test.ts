import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

// DESIGN §3: who may import whom, over folders and packages.

const root = path.resolve(import.meta.dirname, '../..');

/** What each room may import besides itself; `*` is everything. */
const rooms: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/demo-cluster': [],
  'src/policy': ['src/domain'],
  'src/planner': ['src/domain'],
  'src/runbooks': ['src/domain'],
  'src/vault': ['src/domain'],
  'src/plugins': ['src/domain'],
  'src/mcp': ['src/domain'],
  'src/config': ['src/domain'],
  'src/telemetry': ['src/domain'],
  'src/services': ['src/domain'],
  'src/sandbox': ['src/domain', 'src/vault'],
  'src/github': ['src/domain'],
  'src/tools/github': ['src/domain', 'src/github'],
  'src/tools/gitops': ['src/domain', 'src/github'],
  'src/tools/cicd': ['src/domain', 'src/github'],
  'src/engine': ['src/domain', 'src/policy'],
  'src/store': ['src/domain', 'src/engine'],
  'src/api': ['src/domain', 'src/engine'],
  jobs: ['src/domain', 'src/engine'],
  'src/cli': ['src/domain', 'adapters/terminal'],
  'src/step-host.ts': ['src/domain', 'src/tools', 'src/plugins', 'src/mcp', 'src/sandbox', 'src/vault'],
  'src/step-pod.ts': ['src/sandbox'],
  'src/main.ts': ['*'],
  'src/main': ['*'],
};
const perFolder: Record<string, readonly string[]> = {
  'src/tools': ['src/domain'],
  adapters: ['src/domain'],
};

/** Packages that belong to one place. */
const owners: Record<string, readonly string[]> = {
  '@slack/bolt': ['adapters/slack'],
  botbuilder: ['adapters/teams'],
  bullmq: ['jobs'],
  ioredis: ['jobs'],
  'drizzle-orm': ['src/store'],
  pg: ['src/store'],
  fastify: ['src/api', 'adapters/web'],
  'openid-client': ['src/api'],
  '@anthropic-ai/sdk': ['src/planner/llm'],
  openai: ['src/planner/llm'],
  '@kubernetes/client-node': ['src/tools/kubernetes'],
  dockerode: ['src/tools/docker'],
  '@octokit/rest': ['src/github'],
  '@modelcontextprotocol/sdk': ['src/mcp'],
  '@cedar-policy/cedar-wasm': ['src/policy'],
  '@resvg/resvg-js': ['src/main'],
  'prom-client': ['src/telemetry'],
  pino: ['src/telemetry'],
  '@opentelemetry/api': ['src/telemetry'],
  '@opentelemetry/sdk-trace-base': ['src/telemetry'],
};
/** Code that is not Reign's is loaded only here. */
const loaders = ['src/plugins/load-plugin.ts'];
const unknownCode = 'node:unknown';
/** Processes are started only here. */
const processStarters = ['src/sandbox', 'src/services'];

type Import = { file: string; specifier: string; typeOnly: boolean };

const imports = ['src', 'adapters', 'jobs'].flatMap((folder) => filesBelow(folder)).flatMap(importsOf);

describe('boundaries', () => {
  it('finds what it is to judge', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it('lets each room import only the rooms below it', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ file, specifier }) => ({ file, to: path.posix.join(path.posix.dirname(file), specifier) }))
      .filter(({ file, to }) => !mayImport(file, to))
      .map(({ file, to }) => `${file} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  it('keeps each infrastructure package in its own place', () => {
    const wrong = imports
      .filter(({ specifier, typeOnly }) => {
        const name = packageOf(specifier);
        // A type of pg costs nothing at run time, but the composition root alone may name it.
        return name !== undefined && owners[name] !== undefined && !typeOnly;
      })
      .filter(
        ({ file, specifier }) => !owners[packageOf(specifier) ?? '']?.some((place) => file.startsWith(place)),
      )
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it('starts processes only in the sandbox and the services', () => {
    const wrong = imports
      .filter(({ specifier }) =>
        ['node:child_process', 'child_process', 'execa', 'node:cluster'].includes(specifier),
      )
      .filter(
        ({ file }) => !file.endsWith('.test.ts') && !processStarters.some((place) => file.startsWith(place)),
      )
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it('loads code that is not its own in one place', () => {
    const found = imports.filter(({ specifier }) => specifier === unknownCode).map(({ file }) => file);
    expect(found).toEqual(loaders);
  });

  it('uses only packages that package.json names', () => {
    const named = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      peerDependencies: Record<string, string>;
    };
    const dependencies = { ...named.dependencies, ...named.peerDependencies };
    const wrong = imports
      .filter(({ file }) => !/\.test\.|\/fixtures\.ts$/.test(file) && !file.startsWith('adapters/web/page'))
      .filter(({ specifier, typeOnly }) => {
        const name = packageOf(specifier);
        return name !== undefined && !(name in dependencies) && !typeOnly;
      })
      .map(({ file, specifier }) => `${file} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it('keeps files below 300 lines', () => {
    const long = ['src', 'adapters', 'jobs']
      .flatMap((folder) => filesBelow(folder))
      .filter((file) => readFileSync(path.join(root, file), 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readFileSync(path.join(root, file), 'utf8'));
  const statics = module.staticImports.map(({ moduleRequest, entries }) => ({
    file,
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const reexports = module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ moduleRequest }) => moduleRequest != null)
    .map(({ moduleRequest, isType }) => ({ file, specifier: moduleRequest?.value ?? '', typeOnly: isType }));
  const source = readFileSync(path.join(root, file), 'utf8');
  const dynamics = module.dynamicImports.map(({ moduleRequest }) => ({
    file,
    specifier: specifierOf(source.slice(moduleRequest.start, moduleRequest.end)),
    typeOnly: false,
  }));
  return [...statics, ...reexports, ...dynamics];
}

/** What is made up when it runs is named so, for the test that asks where that is done. */
function specifierOf(argument: string): string {
  return /^['"]/.test(argument) ? argument.slice(1, -1) : unknownCode;
}

function mayImport(file: string, to: string): boolean {
  const [from, target] = [roomOf(file), roomOf(to)];
  if (from === target) return true;
  if (file.includes('.test.')) return true;
  const allowed = rooms[from] ?? perFolderRule(from);
  return allowed?.some((room) => room === '*' || target === room || target.startsWith(`${room}/`)) ?? false;
}

/** The room of a file: a folder of `src`, one tool, one adapter, `jobs`, or a composition root. */
function roomOf(file: string): string {
  const [top = '', second = '', third] = file.split('/');
  if (top === 'adapters') return third === undefined ? 'adapters' : `adapters/${second}`;
  if (top !== 'src') return top;
  if (second === 'tools')
    return third === undefined || third.endsWith('.ts') ? 'src/tools' : `src/tools/${third}`;
  return `src/${second}`;
}

function perFolderRule(room: string): readonly string[] | undefined {
  // The registries list what their folders export.
  if (room === 'src/tools') return ['src/domain', 'src/tools'];
  if (room === 'adapters') return ['src/domain', 'adapters'];
  return Object.entries(perFolder).find(([prefix]) => room.startsWith(`${prefix}/`))?.[1];
}

function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || builtinModules.includes(specifier))
    return undefined;
  const [scope = '', name] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
