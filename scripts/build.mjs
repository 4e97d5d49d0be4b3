// Bundles the service, the sandboxed step and the demo clusters into dist/, and the web page into dist/page.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const watchable = {
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  format: 'esm',
  packages: 'external',
  outdir: 'dist',
  sourcemap: true,
  logLevel: 'warning',
};

await rm('dist', { recursive: true, force: true });
await build({
  ...watchable,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  entryPoints: {
    reign: 'src/main.ts',
    'step-host': 'src/step-host.ts',
    'demo-cluster': 'src/demo-cluster/main.ts',
  },
});
if (!process.argv.includes('--no-page')) {
  const { build: buildPage } = await import('vite');
  await buildPage({ root: 'adapters/web/page', logLevel: 'warn' });
}
