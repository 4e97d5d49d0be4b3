import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleFiles, providers, resources } from '../../src/tools/terraform/modules/index.ts';
import { missingForTerraform } from './support/terraform-bed.ts';

const missing = missingForTerraform();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-generate.test.ts: ${missing}.`);

test.skipIf(missing !== undefined)(
  'what is generated parses, and is formatted as terraform fmt would',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'reign-generate-'));
    try {
      for (const provider of providers) {
        for (const resource of resources) {
          mkdirSync(join(folder, provider, resource), { recursive: true });
          for (const { path, text } of moduleFiles(provider, resource))
            writeFileSync(join(folder, provider, resource, path), text);
        }
      }
      const format = ['fmt', '-check', '-diff', '-recursive', '-no-color'];
      const { status, stdout, stderr } = spawnSync('terraform', format, { cwd: folder, encoding: 'utf8' });
      expect({ status, stdout, stderr: stderr.includes('Error') ? stderr : '' }).toEqual({
        ...{ status: 0, stdout: '', stderr: '' },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
