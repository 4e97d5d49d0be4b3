const kindTable: readonly (readonly [singular: string, plural: string, ...others: string[]])[] = [
  ['pod', 'pods', 'po'],
  ['deployment', 'deployments', 'deploy', 'deploys'],
  ['service', 'services', 'svc', 'svcs'],
  ['node', 'nodes'],
  ['namespace', 'namespaces', 'ns'],
  ['ingress', 'ingresses'],
  ['job', 'jobs'],
  ['cronjob', 'cronjobs', 'cj'],
  ['statefulset', 'statefulsets', 'sts'],
  ['daemonset', 'daemonsets', 'ds'],
  ['replicaset', 'replicasets', 'rs'],
  ['configmap', 'configmaps', 'cm'],
  ['secret', 'secrets'],
  ['persistentvolumeclaim', 'persistentvolumeclaims', 'pvc', 'pvcs'],
  ['persistentvolume', 'persistentvolumes', 'pv', 'pvs'],
  ['horizontalpodautoscaler', 'horizontalpodautoscalers', 'hpa', 'hpas'],
  ['serviceaccount', 'serviceaccounts'],
  ['networkpolicy', 'networkpolicies', 'netpol'],
  ['endpoint', 'endpoints'],
  ['storageclass', 'storageclasses'],
  ['role', 'roles'],
  ['rolebinding', 'rolebindings'],
  ['clusterrole', 'clusterroles'],
  ['poddisruptionbudget', 'poddisruptionbudgets', 'pdb', 'pdbs'],
  ['event', 'events'],
  ['customresourcedefinition', 'customresourcedefinitions', 'crd', 'crds'],
  ['resourcequota', 'resourcequotas', 'quota'],
];

const singularOf = new Map(
  kindTable.flatMap(([singular, ...rest]) => [singular, ...rest].map((word) => [word, singular])),
);
const pluralOf = new Map(kindTable.map(([singular, plural]) => [singular, plural]));

/** The kind that a word names (`svc`, `Pods`), singular and in lower case, or undefined. */
export function kindOf(word: string): string | undefined {
  return singularOf.get(word.toLowerCase());
}

/** Both forms of a kind: as typed when it is not in the table. */
export function kindForm(word: string, form: 'singular' | 'plural'): string {
  const singular = kindOf(word) ?? word.toLowerCase();
  if (form === 'singular') return singular;
  return pluralOf.get(singular) ?? (singular.endsWith('s') ? singular : `${singular}s`);
}

const tier =
  'production|prod|prd|staging|stage|stg|development|devel|dev|qa|uat|preproduction|preprod|pre-production|pre-prod|nonprod|non-prod|testing|test|sandbox|live|demo|perf|canary|integration|int|preview|sit|dr';
const place =
  'eu|us|ap|apac|emea|uk|de|fr|in|jp|sg|au|ca|sa|east|west|north|south|central|primary|secondary|blue|green|[a-z]{2}-[a-z]+-\\d|\\d{1,2}|[a-z]';
const environmentWord = new RegExp(`^(?:${tier})$`, 'i');
const compound = new RegExp(
  `^(?:(?:${tier})(?:[-_]?\\d{1,2}|(?:[-_](?:${place}))+)|(?:(?:${place})[-_])+(?:${tier}))$`,
  'i',
);
const needsCue = new Set(
  'stage|test|testing|sandbox|live|demo|perf|canary|integration|int|preview|sit|dr|development'.split('|'),
);

/** How surely a word names an environment: alone, only beside a cue ("in …", "… cluster"), or not at all. */
export function environmentLikelihood(word: string): 'alone' | 'with-cue' | 'no' {
  const lower = word.toLowerCase();
  if (environmentWord.test(lower)) return needsCue.has(lower) ? 'with-cue' : 'alone';
  return compound.test(lower) ? 'with-cue' : 'no';
}

const units =
  's|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hrs|hour|hours|d|day|days|w|week|weeks';
export const timeUnit = new RegExp(`^(?:${units})$`, 'i');
export const duration = new RegExp(`^\\d+(?:\\.\\d+)?(?:${units}|ms)(?:\\d+(?:${units}))*$`, 'i');

const small: { [word: string]: number } = {
  zero: 0,
  one: 1,
  single: 1,
  couple: 2,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
  thousand: 1000,
  dozen: 12,
};

/** "6", "six", "twenty-five", "two hundred", "a dozen", "1,000", "5k" as a number, or undefined. */
export function readNumber(text: string): number | undefined {
  const plain = text.toLowerCase().trim().replace(/^#/, '');
  if (/^\d+(?:\.\d+)?$/.test(plain)) return Number(plain);
  if (/^\d{1,3}(?:,\d{3})+$/.test(plain)) return Number(plain.replaceAll(',', ''));
  if (/^\d+k$/.test(plain)) return Number(plain.slice(0, -1)) * 1000;
  if (/\d-/.test(plain) || !firstCounts(plain)) return undefined;
  let total = 0;
  const words = plain.split(/[\s-]+/).filter((word) => word !== 'and' && word !== 'a');
  if (words.length === 0) return undefined;
  for (const word of words) {
    const value = Object.hasOwn(small, word) ? small[word] : /^\d+$/.test(word) ? Number(word) : undefined;
    if (value === undefined) return undefined;
    total = value === 100 || value === 1000 || value === 12 ? Math.max(total, 1) * value : total + value;
  }
  return total;
}

function firstCounts(plain: string): boolean {
  const end = plain.search(/[\s-]/);
  const first = end < 0 ? plain : plain.slice(0, end);
  return Object.hasOwn(small, first) || first === 'a' || first === 'and' || /^\d+$/.test(first);
}

/** Commands that people run by name; `git`, `kubectl` and the like have operations of their own or are too common. */
export const unixCommands: ReadonlySet<string> = new Set(
  'df du ls ps free uptime cat tail head grep find uname whoami hostname netstat ss ifconfig ip dig nslookup ping traceroute curl wget systemctl journalctl service lsof vmstat iostat top htop dmesg env printenv echo date id awk sed wc sort tar chmod chown mkdir touch python python3 node npm make bash sh psql mysql redis-cli crontab mount lsblk nproc sysctl openssl rsync scp ssh nc ./script.sh'.split(
    ' ',
  ),
);
