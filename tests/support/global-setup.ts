import { existsSync } from 'node:fs';
import path from 'node:path';

/** `npm test` builds first; a run of vitest alone would test what was built some time ago. */
export default function setup(): void {
  const built = path.resolve(import.meta.dirname, '../../dist/reign.js');
  if (!existsSync(built)) throw new Error('dist/ is missing: run `npm run build` (npm test does).');
}
