import { stringify } from 'yaml';

export type TemplateFacts = {
  /** Contexts of the kubeconfig, by name. Without any, demo clusters are written. */
  contexts?: readonly string[];
  /** Sockets of Docker engines that were found. */
  docker?: readonly string[];
  people?: readonly { name: string; roles: readonly string[] }[];
  /** Where editors find the JSON Schema: a path relative to the file, or an address. */
  schema?: string;
};

type Guess = { name: string; tier: 'production' | 'nonproduction'; aliases: string[]; context?: string };

/** The text of a commented reign.yaml made of what was found on the machine. Pure; `loadConfig` accepts what it writes. */
export function writeConfigTemplate({
  contexts = [],
  docker = [],
  people = [{ name: 'you', roles: ['admin'] }],
  schema = './node_modules/reign/docs/reign.schema.json',
}: TemplateFacts): string {
  const environments = contexts.length > 0 ? withoutDoubles(contexts.map(guess)) : demoEnvironments;
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# Configuration of Reign. Every value can also come from a variable: server.port is REIGN_SERVER_PORT.',
    '# Tokens and passwords do not belong here: use DATABASE_URL, REDIS_URL, ANTHROPIC_API_KEY, SLACK_BOT_TOKEN.',
    '',
    '# Who may use Reign. Roles: viewer (reads), operator (asks for changes), lead (approves production), admin.',
    '# A role holds everywhere, or with @environment or @environment/namespace only there.',
    'people:',
    ...people.map(({ name, roles }) => `  - ${flow({ name, roles })}`),
    '  # - { name: alice, roles: [operator, "lead@staging"], slack: T01TEST/U01ALICE, teams: <tenant>/<aadObjectId> }',
    '',
    '# Where things run. What is in no environment counts as production.',
    'environments:',
    ...environments.flatMap((environment, index) => environmentLines(environment, index === 0 ? docker : [])),
    '',
    ...furtherSettings,
    '',
  ].join('\n');
}

const demoEnvironments: readonly Guess[] = [
  { name: 'staging', tier: 'nonproduction', aliases: ['stg', 'stage'] },
  { name: 'production', tier: 'production', aliases: ['prod', 'live'] },
];

const furtherSettings = [
  '# groups: [{ name: leads, slack: T01TEST/S01LEADS, roles: [lead] }]   # roles by Slack user group or Entra group',
  '# server: { host: 127.0.0.1, port: 7373 }',
  '# database: { url: postgres://reign@localhost/reign }   # absent: Reign starts a Postgres of its own',
  '# redis: { url: redis://localhost }                     # absent: Reign starts a Redis of its own',
  '# policy: { files: [default, ./policies/mine.cedar] }   # absent: the shipped rules',
  '# approvals: { expireAfter: 4h }',
  '# workers: { concurrency: 10 }',
  '# retention: { payloads: 90d, chat: 90d }              # absent: everything is kept',
  '# http: { allow: [10.0.0.0/8] }                         # private addresses that checks may reach',
  '# llm: { model: claude-sonnet-5-5, daily: { person: 10, all: 100 } }   # needs ANTHROPIC_API_KEY',
  '# runbooks: { folders: [./runbooks] }                 # besides the shipped ones',
  '# alerts:                                             # needs REIGN_ALERTS_TOKEN',
  '#   channel: "slack:T01TEST/C01OPS"',
  '#   rules:                                            # what alerts start; somebody else approves it',
  '#     - { match: { alertname: "Kube*" }, as: alice, investigate: true }',
  '# audit: { anchor: { file: ./audit-anchor.jsonl } }',
];

/** Guesses from the name of a context. What is not plainly something else is production, the careful reading. */
function guess(context: string): Guess {
  const short = context.split(/[/:@]/).filter(Boolean).at(-1) ?? context;
  const name =
    short
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 50) || 'cluster';
  const lower = context.toLowerCase();
  const production = /(^|[^a-z])(prod|production|live)([^a-z]|$)/.test(lower);
  const other =
    /(^|[^a-z])(dev|development|test|qa|stg|stage|staging|sandbox|preview|kind|minikube|local|docker-desktop)([^a-z]|$)/;
  return {
    name,
    tier: !production && other.test(lower) ? 'nonproduction' : 'production',
    aliases: [],
    context,
  };
}

function withoutDoubles(guesses: readonly Guess[]): Guess[] {
  const taken = new Set<string>();
  return guesses.map((each) => {
    let name = each.name;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${each.name}-${number}`;
    taken.add(name.toLowerCase());
    return { ...each, name };
  });
}

function environmentLines({ name, tier, aliases, context }: Guess, docker: readonly string[]): string[] {
  const cluster = context === undefined ? { demo: true } : { context };
  return [
    `  ${scalar(name)}:`,
    `    tier: ${tier}${context === undefined ? '' : '   # guessed from the name: check it'}`,
    `    aliases: ${flow(aliases)}`,
    '    clusters:',
    `      main: ${flow(cluster)}`,
    ...(docker.length === 0 ? [] : ['    docker:']),
    ...docker.map(
      (socket, index) => `      ${index === 0 ? 'main' : `engine-${index + 1}`}: ${flow({ socket })}`,
    ),
  ];
}

function scalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trim();
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
