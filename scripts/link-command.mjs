// Lets `npx reign` find this checkout's own command, as it would find an installed package's. package.json names no bin:
// npx would then install the checkout into its own cache first, which takes as long again and breaks when interrupted.
import { mkdir, rm, symlink } from 'node:fs/promises';

await mkdir('node_modules/.bin', { recursive: true });
await rm('node_modules/.bin/reign', { force: true });
await symlink('../../bin/reign.js', 'node_modules/.bin/reign');
