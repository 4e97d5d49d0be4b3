import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Config, ConfigOptions } from './config.ts';
import { loadConfig } from './load-config.ts';
import { ConfigError, formatConfigProblem } from './problem.ts';

/** A complete reign.yaml for tests. */
export const goodYaml = `people:
  - { name: alice, roles: [operator], slack: T01TEST/U01ALICE, teams: tenant-1/object-1 }
  - { name: bob, roles: [lead, "admin@staging", "operator@production/shop"] }
environments:
  staging:
    tier: nonproduction
    aliases: [stg]
    clusters: { main: { context: staging }, spare: { demo: true } }
    docker: { box: {}, far: { host: "tcp://10.0.0.1:2375", mounts: ["/srv/uploads:ro"] } }
  production:
    tier: production
    aliases: [prod, live]
    clusters: { main: { kubeconfig: ./kube.yaml, context: prod } }
`;

/** A new folder that is removed after the test, with a reign.yaml where a text is given. */
export function folderWith(yaml?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'reign-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (yaml !== undefined) writeFileSync(join(folder, 'reign.yaml'), yaml);
  return folder;
}

/** Loads a text as reign.yaml of a new folder. */
export function load(yaml: string | undefined, options: Partial<ConfigOptions> = {}): Config {
  return loadConfig({ cwd: folderWith(yaml), env: {}, ...options });
}

/** The lines that say what is wrong with a text; empty when it loads. */
export function problemsIn(yaml: string | undefined, options: Partial<ConfigOptions> = {}): string[] {
  try {
    load(yaml, options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatConfigProblem);
    throw error;
  }
}
