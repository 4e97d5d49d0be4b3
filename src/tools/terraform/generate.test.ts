import { describe, expect, test } from 'vitest';
import { generate } from './generate.ts';
import { moduleFiles, providers, resources } from './modules/index.ts';

const resolve = (request: object) => generate.resolve(generate.request.parse(request), undefined as never);

test.each([
  [{ resource: 's3 bucket' }, 'aws', 'bucket'],
  [{ resource: 'bucket', provider: 'Google Cloud' }, 'gcp', 'bucket'],
  [{ resource: 'Postgres server', provider: 'azure' }, 'azure', 'database'],
  [{ resource: 'AKS cluster' }, 'azure', 'cluster'],
  [{ resource: 'amazon vpc' }, 'aws', 'network'],
  [{ resource: 'vm with a public ip', provider: 'gcp' }, 'gcp', 'machine'],
  [{ resource: 'iam role', provider: 'aws' }, 'aws', 'role'],
])('%j is %s %s', async (request, provider, resource) => {
  expect(await resolve(request)).toEqual({ kind: 'input', input: { provider, resource } });
});

test.each([
  [{}, 'resource'],
  [{ resource: 'bucket' }, 'provider'],
  [{ resource: 'bucket', provider: 'hetzner' }, 'provider'],
  [{ resource: 's3 bucket', provider: 'gcp' }, 'provider'],
])('%j asks for the %s', async (request, field) => {
  const answer = await resolve(request);
  if (answer.kind !== 'question') throw new Error('no question');
  expect(answer.question.field).toBe(field);
  for (const { patch } of answer.question.options)
    expect((await resolve({ ...request, ...patch })).kind).not.toBe('impossible');
});

test.each(['sqs queue', 'redis instance', 'nat gateway', 'flux compensator'])(
  '%s has no module',
  async (resource) => {
    expect(await resolve({ resource, provider: 'aws' })).toMatchObject({ kind: 'impossible' });
  },
);

describe.each(providers)('modules for %s', (provider) => {
  test.each(resources)(
    '%s: every variable is declared and used, every reference leads somewhere',
    (resource) => {
      const files = moduleFiles(provider, resource);
      expect(files.map(({ path }) => path)).toEqual(['main.tf', 'variables.tf', 'outputs.tf', 'versions.tf']);
      const all = files.map(({ text }) => text).join('\n');
      const found = (pattern: RegExp) =>
        [...new Set([...all.matchAll(pattern)].map(([, name = '']) => name))].sort();
      expect(found(/\bvar\.(\w+)/g)).toEqual(found(/^variable "(\w+)"/gm));
      const declared = [...all.matchAll(/^(?:resource|data) "(\w+)" "(\w+)"/gm)].map(
        ([, a, b]) => `${a}.${b}`,
      );
      for (const reference of found(/\b((?:aws|azurerm|google)_\w+\.\w+)/g))
        expect(declared).toContain(reference);
      for (const block of all.split(/^(?=variable |output )/m).slice(1))
        expect(block).toContain('description = ');
    },
  );

  test.each(resources)('%s: nothing is open to everybody by default', (resource) => {
    const [main] = moduleFiles(provider, resource);
    const text = main?.text ?? '';
    expect(text).not.toMatch(
      /publicly_accessible\s+= true|public_network_access_enabled\s+= true|access_config \{/,
    );
    expect(text).not.toMatch(
      /map_public_ip_on_launch\s+= true|associate_public_ip_address\s+= true|allUsers/,
    );
    for (const block of text.split(/^(?=resource )/m)) {
      if (!block.includes('0.0.0.0/0')) continue;
      expect(block).toMatch(/egress_rule|deny \{/);
    }
  });
});

test('what is rendered names each file', () => {
  const rendered = generate.render(
    { files: moduleFiles('aws', 'bucket') },
    { provider: 'aws', resource: 'bucket' },
  );
  expect(rendered).toMatchObject({ kind: 'text', text: expect.stringContaining('# ---- variables.tf ----') });
});
