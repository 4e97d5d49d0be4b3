import { aws } from './aws/index.ts';
import { azure } from './azure/index.ts';
import { gcp } from './gcp/index.ts';
import type { Module } from './module.ts';

export const providers = ['aws', 'azure', 'gcp'] as const;
export type Provider = (typeof providers)[number];

export const resources = ['bucket', 'network', 'cluster', 'database', 'machine', 'role'] as const;
export type Resource = (typeof resources)[number];

export type ModuleFile = { path: string; text: string };

const modules: { [provider in Provider]: { [resource in Resource]: Module } } = { aws, azure, gcp };

/** The files of a module: encrypted, tagged, and closed to the outside unless a variable opens it. */
export function moduleFiles(provider: Provider, resource: Resource): ModuleFile[] {
  const { main, variables, outputs } = modules[provider][resource];
  const common = sharedVariables.filter(({ name }) => main.includes(`var.${name}`)).map(({ text }) => text);
  return [
    { path: 'main.tf', text: main },
    { path: 'variables.tf', text: [variables, ...common].join('\n') },
    { path: 'outputs.tf', text: outputs },
    { path: 'versions.tf', text: versions[provider] },
  ];
}

/** What modules ask for in the same words; each is declared where it is used. */
const sharedVariables = [
  shared('project', 'Project that it belongs to.', 'string'),
  shared('resource_group_name', 'Resource group that it belongs to.', 'string'),
  shared('tags', 'Tags of all that is made, like owner and environment.', 'map(string)'),
  shared('labels', 'Labels of all that is made, like owner and environment.', 'map(string)'),
];

function shared(name: string, description: string, type: string): { name: string; text: string } {
  const text = `variable "${name}" {\n  description = "${description}"\n  type        = ${type}\n}\n`;
  return { name, text };
}

const versions: { [provider in Provider]: string } = {
  aws: versionsOf('aws', 'hashicorp/aws', '~> 5.80'),
  azure: versionsOf('azurerm', 'hashicorp/azurerm', '~> 4.14'),
  gcp: versionsOf('google', 'hashicorp/google', '~> 6.14'),
};

function versionsOf(name: string, source: string, version: string): string {
  const indent = '    ';
  return `terraform {
  required_version = ">= 1.6"
  required_providers {
${indent}${name} = {
${indent}  source  = "${source}"
${indent}  version = "${version}"
${indent}}
  }
}
`;
}
