/**
 * One command of a program. `positionals` name the fields of the words that follow; `object` takes `kind name`,
 * `kind/name` or a name; `rest…` swallows what is left. `flags` fill fields; `set` fills a field with a fixed value.
 */
export type CommandRule = {
  words: string;
  intent: string;
  positionals: readonly string[];
  flags?: { readonly [flag: string]: string };
  set?: { readonly [flag: string]: readonly [field: string, value: string] };
};

/** A program with the flags that all its commands share; `ignored` are flags with a value that says nothing to Reign. */
export type Program = {
  names: readonly string[];
  flags: { readonly [flag: string]: string };
  ignored: readonly string[];
  rules: readonly CommandRule[];
};

const kubectl: Program = {
  names: ['kubectl', 'k', 'kubectl.exe', 'oc'],
  flags: {
    '-n': 'namespace',
    '--namespace': 'namespace',
    '--context': 'environment',
    '--cluster': 'environment',
  },
  ignored: [
    '-l',
    '--selector',
    '-o',
    '--output',
    '-c',
    '--container',
    '--field-selector',
    '--sort-by',
    '--kubeconfig',
    '--grace-period',
    '--timeout',
  ],
  rules: [
    { words: 'get events', intent: 'kubernetes.events', positionals: [] },
    { words: 'get event', intent: 'kubernetes.events', positionals: [] },
    { words: 'get ev', intent: 'kubernetes.events', positionals: [] },
    { words: 'events', intent: 'kubernetes.events', positionals: [], flags: { '--for': 'object' } },
    { words: 'get', intent: 'kubernetes.list', positionals: ['object'] },
    { words: 'describe', intent: 'kubernetes.describe', positionals: ['object'] },
    {
      words: 'logs',
      intent: 'kubernetes.logs',
      positionals: ['object'],
      flags: { '--tail': 'lines', '--since': 'since' },
    },
    {
      words: 'log',
      intent: 'kubernetes.logs',
      positionals: ['object'],
      flags: { '--tail': 'lines', '--since': 'since' },
    },
    { words: 'top', intent: 'kubernetes.top', positionals: ['kind'] },
    {
      words: 'scale',
      intent: 'kubernetes.scale',
      positionals: ['object'],
      flags: { '--replicas': 'replicas' },
    },
    {
      words: 'autoscale',
      intent: 'kubernetes.autoscale',
      positionals: ['object'],
      flags: { '--min': 'min', '--max': 'max', '--cpu-percent': 'cpu', '--cpu': 'cpu' },
    },
    { words: 'rollout restart', intent: 'kubernetes.restart', positionals: ['object'] },
    {
      words: 'rollout undo',
      intent: 'kubernetes.rollback',
      positionals: ['object'],
      flags: { '--to-revision': 'revision' },
    },
    { words: 'rollout status', intent: 'kubernetes.rollout_status', positionals: ['object'] },
    { words: 'set image', intent: 'kubernetes.set_image', positionals: ['object', 'image'] },
    { words: 'delete', intent: 'kubernetes.delete', positionals: ['object'] },
    { words: 'create namespace', intent: 'kubernetes.create_namespace', positionals: ['name'] },
    { words: 'create ns', intent: 'kubernetes.create_namespace', positionals: ['name'] },
    { words: 'drain', intent: 'kubernetes.drain', positionals: ['object'] },
    { words: 'cordon', intent: 'kubernetes.cordon', positionals: ['object'] },
    { words: 'uncordon', intent: 'kubernetes.uncordon', positionals: ['object'] },
  ],
};

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

const docker: Program = {
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
const compose: Program = {
  names: ['docker-compose', 'docker compose', 'podman-compose'],
  flags: composeFlags,
  ignored: ['-p', '--project-name', '--profile', '--env-file', '-t', '--timeout', '--scale'],
  rules: [
    { words: 'up', intent: 'docker.compose_up', positionals: [] },
    { words: 'start', intent: 'docker.compose_up', positionals: [] },
    { words: 'down', intent: 'docker.compose_down', positionals: [] },
  ],
};

const helm: Program = {
  names: ['helm', 'helm3'],
  flags: {
    '-n': 'namespace',
    '--namespace': 'namespace',
    '--kube-context': 'environment',
    '--version': 'version',
  },
  ignored: [
    '-f',
    '--values',
    '--set',
    '--set-string',
    '--timeout',
    '-o',
    '--output',
    '--max',
    '--repo',
    '--description',
    '--kubeconfig',
  ],
  rules: [
    { words: 'ls', intent: 'helm.list', positionals: [] },
    { words: 'list', intent: 'helm.list', positionals: [] },
    { words: 'install', intent: 'helm.install', positionals: ['release', 'chart'] },
    { words: 'upgrade', intent: 'helm.upgrade', positionals: ['release', 'chart'] },
    { words: 'rollback', intent: 'helm.rollback', positionals: ['release', 'revision'] },
    { words: 'uninstall', intent: 'helm.uninstall', positionals: ['release'] },
    { words: 'delete', intent: 'helm.uninstall', positionals: ['release'] },
    { words: 'del', intent: 'helm.uninstall', positionals: ['release'] },
    { words: 'un', intent: 'helm.uninstall', positionals: ['release'] },
    { words: 'status', intent: 'helm.status', positionals: ['release'] },
    { words: 'history', intent: 'helm.history', positionals: ['release'] },
    { words: 'hist', intent: 'helm.history', positionals: ['release'] },
  ],
};

const terraform: Program = {
  names: ['terraform', 'tf', 'tofu', 'opentofu'],
  flags: { '-chdir': 'path', '--chdir': 'path' },
  ignored: ['-var-file', '-var', '-target', '-out', '-state'],
  rules: [
    { words: 'plan', intent: 'terraform.plan', positionals: ['path'] },
    { words: 'apply', intent: 'terraform.apply', positionals: ['path'] },
    { words: 'destroy', intent: 'terraform.destroy', positionals: ['path'] },
    { words: 'output', intent: 'terraform.output', positionals: ['path'] },
    { words: 'outputs', intent: 'terraform.output', positionals: ['path'] },
    { words: 'drift', intent: 'terraform.drift', positionals: ['path'] },
  ],
};

const pullRequest = {
  '--head': 'head',
  '-H': 'head',
  '--base': 'base',
  '-B': 'base',
  '--title': 'title',
  '-t': 'title',
};
const gh: Program = {
  names: ['gh'],
  flags: { '-R': 'repo', '--repo': 'repo' },
  ignored: [
    '-L',
    '--limit',
    '-s',
    '--state',
    '-b',
    '--body',
    '-l',
    '--label',
    '-a',
    '--assignee',
    '-F',
    '--notes',
    '-n',
    '--notes-file',
    '-d',
    '--description',
    '--json',
    '-q',
    '--jq',
    '-f',
    '--field',
  ],
  rules: [
    {
      words: 'repo create',
      intent: 'github.create_repo',
      positionals: ['repo'],
      set: { '--private': ['private', 'true'], '--public': ['private', 'false'] },
    },
    { words: 'pr list', intent: 'github.list_prs', positionals: [] },
    { words: 'pr ls', intent: 'github.list_prs', positionals: [] },
    { words: 'pr create', intent: 'github.create_pr', positionals: [], flags: pullRequest },
    {
      words: 'pr merge',
      intent: 'github.merge_pr',
      positionals: ['number'],
      set: {
        '--squash': ['method', 'squash'],
        '-s': ['method', 'squash'],
        '--rebase': ['method', 'rebase'],
        '-r': ['method', 'rebase'],
      },
    },
    {
      words: 'issue create',
      intent: 'github.create_issue',
      positionals: [],
      flags: { '--title': 'title', '-t': 'title' },
    },
    {
      words: 'release create',
      intent: 'github.create_release',
      positionals: ['tag'],
      flags: { '-t': 'ignored', '--title': 'ignored', '--target': 'ignored' },
    },
    {
      words: 'run list',
      intent: 'cicd.status',
      positionals: [],
      flags: { '-w': 'workflow', '--workflow': 'workflow' },
    },
    {
      words: 'run ls',
      intent: 'cicd.status',
      positionals: [],
      flags: { '-w': 'workflow', '--workflow': 'workflow' },
    },
    { words: 'run rerun', intent: 'cicd.rerun', positionals: ['run'] },
    { words: 'run cancel', intent: 'cicd.cancel', positionals: ['run'] },
    {
      words: 'workflow run',
      intent: 'cicd.dispatch',
      positionals: ['workflow'],
      flags: { '--ref': 'ref', '-r': 'ref' },
    },
  ],
};

export const programs: readonly Program[] = [compose, docker, kubectl, helm, terraform, gh];
