import type { Program } from './rule.ts';

const listContainers = {
  intent: 'docker.list',
  positionals: [],
  set: { '-a': ['all', 'true'], '--all': ['all', 'true'], '-aq': ['all', 'true'] },
} as const;
const removeContainer = {
  intent: 'docker.remove',
  positionals: ['name'],
  set: {
    '-f': ['force', 'true'],
    '--force': ['force', 'true'],
    '-fv': ['force', 'true'],
    '-vf': ['force', 'true'],
  },
} as const;
const containerLogs = {
  intent: 'docker.logs',
  positionals: ['name'],
  flags: { '--tail': 'lines', '-n': 'lines' },
} as const;
const runContainer = {
  intent: 'docker.run',
  positionals: ['image', 'rest…'],
  flags: { '--name': 'name', '-p': 'port', '--publish': 'port' },
} as const;

export const docker: Program = {
  names: ['docker', 'podman'],
  flags: {},
  ignored: [
    '-e',
    '--env',
    '-v',
    '--volume',
    '--network',
    '--net',
    '--restart',
    '--env-file',
    '-w',
    '--since',
    '--format',
    '--filter',
    '-u',
    '--user',
    '-m',
    '--memory',
    '--cpus',
    '--platform',
    '--build-arg',
    '--target',
    '--driver',
    '-t',
    '--time',
    '--subnet',
    '--entrypoint',
    '--hostname',
    '-h',
    '--mount',
    '--label',
    '-l',
  ],
  rules: [
    { words: 'ps', ...listContainers },
    { words: 'container ls', ...listContainers },
    { words: 'container list', ...listContainers },
    { words: 'images', intent: 'docker.images', positionals: [] },
    { words: 'image ls', intent: 'docker.images', positionals: [] },
    { words: 'image list', intent: 'docker.images', positionals: [] },
    { words: 'logs', ...containerLogs },
    { words: 'container logs', ...containerLogs },
    { words: 'run', ...runContainer },
    { words: 'container run', ...runContainer },
    { words: 'stop', intent: 'docker.stop', positionals: ['name'] },
    { words: 'container stop', intent: 'docker.stop', positionals: ['name'] },
    { words: 'restart', intent: 'docker.restart', positionals: ['name'] },
    { words: 'container restart', intent: 'docker.restart', positionals: ['name'] },
    { words: 'rm', ...removeContainer },
    { words: 'container rm', ...removeContainer },
    { words: 'stats', intent: 'docker.stats', positionals: ['name'] },
    { words: 'container stats', intent: 'docker.stats', positionals: ['name'] },
    { words: 'build', intent: 'docker.build', positionals: ['path'], flags: { '-t': 'tag', '--tag': 'tag' } },
    {
      words: 'buildx build',
      intent: 'docker.build',
      positionals: ['path'],
      flags: { '-t': 'tag', '--tag': 'tag' },
    },
    {
      words: 'image build',
      intent: 'docker.build',
      positionals: ['path'],
      flags: { '-t': 'tag', '--tag': 'tag' },
    },
    { words: 'scan', intent: 'docker.scan', positionals: ['image'] },
    { words: 'scout cves', intent: 'docker.scan', positionals: ['image'] },
    { words: 'scout quickview', intent: 'docker.scan', positionals: ['image'] },
    { words: 'network create', intent: 'docker.create_network', positionals: ['name'], flags: {} },
    {
      words: 'volume create',
      intent: 'docker.create_volume',
      positionals: ['name'],
      flags: { '--name': 'name' },
    },
  ],
};

const composeFlags = { '-f': 'path', '--file': 'path', '--project-directory': 'path' } as const;
export const compose: Program = {
  names: ['docker-compose', 'docker compose', 'podman-compose'],
  flags: composeFlags,
  ignored: ['-p', '--project-name', '--profile', '--env-file', '-t', '--timeout', '--scale'],
  rules: [
    { words: 'up', intent: 'docker.compose_up', positionals: [] },
    { words: 'start', intent: 'docker.compose_up', positionals: [] },
    { words: 'down', intent: 'docker.compose_down', positionals: [] },
  ],
};
