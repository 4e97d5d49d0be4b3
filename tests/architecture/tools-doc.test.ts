import { expect, test } from 'vitest';
import type { AnyOperation } from '../../src/domain/operation.ts';
import { tools } from '../../src/tools/registry.ts';

/** What each tool's operations were tried on, by tests/tools and tests/e2e. */
const testedOn: { [tool: string]: string } = {
  kubernetes: 'the demo cluster, which real kubectl and helm and recorded answers of a 1.36 API server judge',
  docker: 'a real dockerd 20.10; scan on a stand-in for trivy only',
  helm: 'the real helm 4.1 (and 3.17 by hand) on the demo cluster',
  terraform: 'the real terraform 1.11 with terraform_data and local modules; no cloud provider',
  github: 'the emulate emulator of GitHub; GitHub itself was not reached',
  cicd: 'the emulator with runs, dispatch and gates added by a double; workflows checked by @actions/workflow-parser',
  shell: 'bubblewrap, for real',
  monitoring: 'a real Prometheus and Alertmanager; real HTTP servers for checks and load',
  reign: 'Reign itself',
};

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
      `${summary} Tested on ${testedOn[name] ?? 'nothing'}.`,
      [
        '| operation | does | effect | preview | undo | after a lost worker |',
        '| --- | --- | --- | --- | --- | --- |',
        ...rows,
      ].join('\n'),
    ].join('\n\n');
  });
  for (const { name } of tools) expect(testedOn[name], name).toBeDefined();
  const text = [
    '# Operations',
    'Made from the code by `npx vitest run --project unit tests/architecture -u`.',
    ...parts,
  ];
  await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot('../../docs/tools.md');
});

function cellsOf({ id, summary, effect, previews, undo, repeat }: AnyOperation): string[] {
  if (effect === 'read') return [`\`${id}\``, summary, 'read', '', '', ''];
  const back = undo.kind === 'reversible' ? 'yes' : `no: ${undo.reason}`;
  return [`\`${id}\``, summary, effect, previews, back, repeats[repeat]];
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
