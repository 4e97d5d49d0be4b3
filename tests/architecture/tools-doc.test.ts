import { expect, test } from 'vitest';
import type { AnyOperation } from '../../src/domain/operation.ts';
import { tools } from '../../src/tools/registry.ts';
import { dockerTable } from '../tools/kinds/docker.ts';
import { cicdTable, githubTable } from '../tools/kinds/github.ts';
import { gitopsTable } from '../tools/kinds/gitops.ts';
import { helmTable } from '../tools/kinds/helm.ts';
import { kubernetesTable } from '../tools/kinds/kubernetes.ts';
import { monitoringTable } from '../tools/kinds/monitoring.ts';
import { shellTable } from '../tools/kinds/shell.ts';
import { type Case, kinds, kindsFor, kindsOf } from '../tools/kinds/table.ts';
import { terraformTable } from '../tools/kinds/terraform.ts';

/** What each tool's operations were tried on, by tests/tools and tests/e2e. */
const testedOn: { [tool: string]: string } = {
  kubernetes: 'the demo cluster, which real kubectl and helm and recorded answers of a 1.36 API server judge',
  docker: 'a real dockerd 20.10; scan on a stand-in for trivy only',
  helm: 'the real helm 4.1 (and 3.17 by hand) on the demo cluster',
  terraform:
    'the real terraform 1.11 with terraform_data, local modules, and its http and s3 backends against doubles; no cloud, no provider',
  github: 'the emulate emulator of GitHub; GitHub itself was not reached',
  cicd: 'the emulator with runs, dispatch and gates added by a double; workflows checked by @actions/workflow-parser',
  shell: 'bubblewrap, for real',
  monitoring: 'a real Prometheus and Alertmanager; real HTTP servers for checks and load',
  gitops: 'the emulator of GitHub and the demo cluster, to which the test delivers as Argo CD would',
  reign: 'Reign itself',
};

/** The tables that tests/tools/kinds-*.test.ts run: what they say they try is what is tried. */
const tables = [
  kubernetesTable,
  dockerTable,
  helmTable,
  githubTable,
  cicdTable,
  monitoringTable,
  terraformTable,
  shellTable,
  gitopsTable,
];

const repeats = {
  safe: 'is done again',
  'safe-with-key': 'is done again with the same key, which changes nothing twice',
  'verify-first': 'is looked for first',
} as const;

test('docs/tools.md lists every operation', async () => {
  const parts = tools.map(({ name, summary, operations }) => {
    const rows = operations.map((each) => `| ${cellsOf(each).map(escaped).join(' | ')} |`);
    return [
      `## ${name}`,
      [`${summary} Tested on ${testedOn[name] ?? 'nothing'}.`, ...triedOn(name)].join(' '),
      [
        '| operation | does | effect | preview | undo | after a lost worker | tried with |',
        '| --- | --- | --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n'),
    ].join('\n\n');
  });
  for (const { name } of tools) expect(testedOn[name], name).toBeDefined();
  const text = [
    '# Operations',
    'Made from the code by `npx vitest run --project unit tests/architecture -u`.',
    `“Tried with” names the kinds of trial that tests/tools/kinds-*.test.ts put an operation to, of those that its nature allows: ${kinds.join(', ')}. Broken answers are errors, another format, answers cut off and broken connections. The reasons for what is left out stand in tests/tools/kinds; what has no such table has tests of its own in tests/tools.`,
    ...parts,
  ];
  await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot('../../docs/tools.md');
});

function cellsOf(operation: AnyOperation): string[] {
  const { id, summary, effect, previews, undo, repeat } = operation;
  if (effect === 'read') return [`\`${id}\``, summary, 'read', '', '', '', triedWith(operation)];
  const back = undo.kind === 'reversible' ? 'yes' : `no: ${undo.reason}`;
  return [`\`${id}\``, summary, effect, previews, back, repeats[repeat], triedWith(operation)];
}

function triedOn(name: string): string[] {
  const table = tables.find(({ tool }) => tool.name === name);
  return table === undefined ? [] : [`Every kind of failure is tried on ${table.engine}.`];
}

function triedWith(operation: AnyOperation): string {
  const tried = tables.flatMap(({ cases }) => cases[operation.id] ?? [])[0] as Case<never> | undefined;
  if (tried === undefined) return 'tests of its own';
  const done = kindsOf(operation, tried);
  const left = kindsFor(operation).filter((kind) => !done.includes(kind));
  return left.length === 0 ? `all ${done.length}` : `all but ${left.join(', ')}`;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
