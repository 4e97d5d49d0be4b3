import type { Params } from './types.ts';

const templates: { readonly [intent: string]: string } = {
  'kubernetes.list': 'List [{kind}]',
  'kubernetes.describe': 'Describe [{kind} ]{name}',
  'kubernetes.logs': 'Show [the last {lines} lines of ]the logs of {name}[ since {since}]',
  'kubernetes.events': 'Show events[ of {name}]',
  'kubernetes.top': 'Show CPU and memory use[ of {kind}]',
  'kubernetes.scale': 'Scale {name}[ to {replicas}]',
  'kubernetes.scale_by': 'Scale {name}[ by a factor of {factor}]',
  'kubernetes.autoscale': 'Autoscale {name}[ from {min}][ up to {max}][ at {cpu}% CPU]',
  'kubernetes.restart': 'Restart {name}',
  'kubernetes.rollback': 'Roll back {name}[ to revision {revision}]',
  'kubernetes.rollout_status': 'Show the rollout of {name}',
  'kubernetes.set_image': 'Run [{image}][version {tag}] as {name}',
  'kubernetes.delete': 'Delete [{kind} ]{name}',
  'kubernetes.create_namespace': 'Create namespace {name}',
  'kubernetes.drain': 'Drain node {name}',
  'kubernetes.cordon': 'Cordon node {name}',
  'kubernetes.uncordon': 'Uncordon node {name}',
  'docker.list': 'List containers',
  'docker.images': 'List images',
  'docker.logs': 'Show [the last {lines} lines of ]the logs of container {name}',
  'docker.run': 'Start a container[ {name}][ from {image}][ on port {port}]',
  'docker.stop': 'Stop container {name}',
  'docker.restart': 'Restart container {name}',
  'docker.remove': 'Remove container {name}',
  'monitoring.check': 'Check {url}',
  'monitoring.load_test': 'Load-test {url}[ with {connections} connections][ for {duration}]',
  'monitoring.silence': 'Silence {alert}[ for {duration}]',
  'shell.run': 'Run `{command}`',
  'helm.install': 'Install {chart}[ as {release}][ version {version}]',
  'helm.upgrade': 'Upgrade {release}[ to {version}]',
  'helm.rollback': 'Roll back release {release}[ to revision {revision}]',
  'helm.uninstall': 'Uninstall release {release}',
  'github.merge_pr': 'Merge [#{number}][ in {repo}]',
};

/** One short sentence for people about a request, e.g. "Scale checkout to 6 in staging". */
export function goalOf(intent: string, summary: string, params: Params): string {
  const template = templates[intent];
  const sentence = template === undefined ? fallback(summary, params) : fill(template, params);
  const namespace = params.namespace === undefined ? '' : ` in namespace ${params.namespace}`;
  const environment = params.environment === undefined ? '' : ` in ${params.environment}`;
  return shorten(`${sentence}${namespace}${environment}`);
}

function fill(template: string, params: Params): string {
  const optional = template.replace(/\[([^\]]*)\]/g, (_, part: string) =>
    /\{(\w+)\}/.test(part) && params[/\{(\w+)\}/.exec(part)?.[1] ?? ''] === undefined ? '' : part,
  );
  return optional
    .replace(/\{(\w+)\}/g, (_, field: string) => (params[field] === undefined ? '…' : String(params[field])))
    .trim();
}

function fallback(summary: string, params: Params): string {
  const said = Object.entries(params).filter(([field]) => field !== 'namespace' && field !== 'environment');
  const head = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}`.replace(/\.$/, '');
  return said.length === 0
    ? head
    : `${head}: ${said.map(([field, value]) => `${field} ${value}`).join(', ')}`;
}

function shorten(sentence: string): string {
  return sentence.length <= 160 ? sentence : `${sentence.slice(0, 159)}…`;
}
