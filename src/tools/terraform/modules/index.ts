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
  const shared = sharedVariables.filter(({ name }) => main.includes(`var.${name}`)).map(({ text }) => text);
  return [
    { path: 'main.tf', text: main },
    { path: 'variables.tf', text: [variables, ...shared].join('\n') },
    { path: 'outputs.tf', text: outputs },
    { path: 'versions.tf', text: versions[provider] },
  ];
}

const sharedVariables = [
  {
    name: 'tags',
    text: `variable "tags" {
  description = "Tags of all that is made, like owner and environment."
  type        = map(string)
}
`,
  },
  {
    name: 'labels',
    text: `variable "labels" {
  description = "Labels of all that is made, like owner and environment."
  type        = map(string)
}
`,
  },
];

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
