// Builds Reign and the bench, and runs it; the last line of its output is JSON.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
if (built.status !== 0) process.exit(1);
await build({
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  format: 'esm',
  packages: 'external',
  entryPoints: { bench: 'tests/bench/main.ts', 'bench-worker': 'tests/bench/worker.ts' },
  outdir: 'dist',
  sourcemap: true,
  logLevel: 'warning',
});
const { status } = spawnSync(process.execPath, ['dist/bench.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
