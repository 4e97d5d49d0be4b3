import { z } from 'zod';
import { defineOperation, type Resolution } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { examples } from './generate.examples.ts';
import { moduleFiles, type Provider, providers, type Resource, resources } from './modules/index.ts';
import { impliedBy, understandResource } from './understand-resource.ts';

const input = z.strictObject({ provider: z.enum(providers), resource: z.enum(resources) });
type Input = z.infer<typeof input>;

const request = z.strictObject({ provider: z.string().optional(), resource: z.string().optional() });

const providerNames: { [provider in Provider]: string } = { aws: 'AWS', azure: 'Azure', gcp: 'Google Cloud' };
const resourceNames: { [resource in Resource]: string } = {
  bucket: 'storage for objects',
  network: 'a network',
  cluster: 'a Kubernetes cluster',
  database: 'a PostgreSQL server',
  machine: 'a virtual machine',
  role: 'a role',
};

export const generate = defineOperation({
  ...readParts,
  id: 'terraform.generate',
  version: 1,
  summary: 'Writes a Terraform module for a bucket, network, Kubernetes cluster, database, machine or role.',
  request,
  input,
  output: z.object({ files: z.array(z.object({ path: z.string(), text: z.string() })) }),
  examples,
  connections: [],
  resolve: async (asked) => resolveModule(asked),
  assess: () => ({ effect: 'read', targets: [], objects: 1, reasons: [] }),
  describe: ({ provider, resource }) => ({
    title: `Write Terraform for ${resourceNames[resource]} on ${providerNames[provider]}`,
  }),
  execute: async ({ provider, resource }) => ({ files: moduleFiles(provider, resource) }),
  render({ files }, { provider, resource }) {
    const what = `# Terraform for ${resourceNames[resource]} on ${providerNames[provider]}: encrypted, tagged, closed to the outside.`;
    const parts = files.map(({ path, text }) => `# ---- ${path} ----\n${text.trimEnd()}`);
    return { kind: 'text', text: [what, ...parts].join('\n\n') };
  },
});

function resolveModule(asked: z.infer<typeof request>): Resolution<Input> {
  const { resource: wanted = '' } = asked;
  if (wanted.trim() === '') {
    const options = resources.map((resource) => ({ label: resourceNames[resource], patch: { resource } }));
    return question('What shall the Terraform be for?', 'resource', options);
  }
  const found = understandResource(wanted);
  if (found === undefined) {
    const known = Object.values(resourceNames).join(', ');
    return { kind: 'impossible', reason: `There is no module for "${wanted}". There is one for: ${known}.` };
  }
  const { resource } = found;
  const named = asked.provider === undefined ? undefined : impliedBy(asked.provider);
  const options = providers.map((provider) => ({ label: providerNames[provider], patch: { provider } }));
  if (asked.provider !== undefined && named === undefined)
    return question(
      `Terraform is not written for "${asked.provider}" here. For which of these?`,
      'provider',
      options,
    );
  if (named !== undefined && found.provider !== undefined && named !== found.provider) {
    const text = `"${wanted}" belongs to ${providerNames[found.provider]}, not to ${providerNames[named]}.`;
    const either = [found.provider, named].map((provider) => ({
      label: `${resourceNames[resource]} on ${providerNames[provider]}`,
      patch: { provider, resource },
    }));
    return question(`${text} Which do you want?`, 'provider', either);
  }
  const provider = named ?? found.provider;
  if (provider === undefined) return question('For which provider?', 'provider', options);
  return { kind: 'input', input: { provider, resource } };
}

function question(
  text: string,
  field: string,
  options: { label: string; patch: { [field: string]: string } }[],
): Resolution<Input> {
  return { kind: 'question', question: { text, field, options } };
}
