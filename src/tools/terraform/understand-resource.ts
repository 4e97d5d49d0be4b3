import type { Provider, Resource } from './modules/index.ts';

/** Words for the things that modules exist for, and what provider a word belongs to. The first that fits counts. */
const words: readonly (readonly [RegExp, Resource, Provider?])[] = [
  [/\b(s3|simple storage)\b/, 'bucket', 'aws'],
  [/\b(gcs|cloud storage)\b/, 'bucket', 'gcp'],
  [/\b(blob|storage account)s?\b/, 'bucket', 'azure'],
  [/\beks\b/, 'cluster', 'aws'],
  [/\baks\b/, 'cluster', 'azure'],
  [/\bgke\b/, 'cluster', 'gcp'],
  [/\b(rds|aurora)\b/, 'database', 'aws'],
  [/\bcloud ?sql\b/, 'database', 'gcp'],
  [/\bflexible server\b/, 'database', 'azure'],
  [/\bec2\b/, 'machine', 'aws'],
  [/\b(gce|compute (engine|instance))s?\b/, 'machine', 'gcp'],
  [/\bvnets?\b/, 'network', 'azure'],
  [/\b(managed identity|user.assigned identity)\b/, 'role', 'azure'],
  [/\bservice accounts?\b/, 'role', 'gcp'],
  [/\bbuckets?\b|\bobject stor(e|age)\b/, 'bucket'],
  [/\b(kubernetes|k8s|clusters?)\b/, 'cluster'],
  [/\b(postgres(ql)?|databases?|db|sql (server|instance|database))\b/, 'database'],
  [/\b(virtual machines?|vms?|machines?|instances?|servers?)\b/, 'machine'],
  [/\b(vpcs?|networks?|subnets?)\b/, 'network'],
  [/\broles?\b/, 'role'],
];

/** Engines and services that a module of ours would not be: better none than another. */
const others =
  /\b(mysql|maria|mongo|redis|cassandra|dynamodb?|bigquery|cosmos|elasticache|sql server|mssql|oracle|queue|topic|lambda|functions?|dns|cdn|load balancers?|lb|nat|gateways?|firewalls?|security groups?|windows|log|policy|registry|ecs|fargate)\b/;

/** What a person means by the thing they typed, and the provider that the word implies. */
export function understandResource(
  text: string,
): { resource: Resource; provider: Provider | undefined } | undefined {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
  if (others.test(plain)) return undefined;
  for (const [pattern, resource, provider] of words)
    if (pattern.test(plain)) return { resource, provider: provider ?? impliedBy(plain) };
  return undefined;
}

const providerWords: readonly (readonly [RegExp, Provider])[] = [
  [/\b(aws|amazon)\b/, 'aws'],
  [/\b(azure|azurerm|microsoft)\b/, 'azure'],
  [/\b(gcp|google|gcloud)\b/, 'gcp'],
];

/** The provider that a word names. */
export function impliedBy(text: string): Provider | undefined {
  return providerWords.find(([pattern]) => pattern.test(text.toLowerCase()))?.[1];
}
