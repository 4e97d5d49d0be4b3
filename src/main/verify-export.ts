import { readFile } from 'node:fs/promises';
import { reportInWords } from '../cli/operation-commands.ts';
import { createOutput } from '../cli/output.ts';
import { FaultError } from '../domain/fault.ts';
import { verifyAudit } from '../engine/verify-audit.ts';
import { loadVerifyKey } from '../vault/keys.ts';
import { readExport } from './audit-export.ts';

/** `reign audit verify --file`: checks an export with no database and no running Reign. */
export async function verifyExport(file: string, options: { key?: string; json: boolean }): Promise<number> {
  const output = createOutput(options.json);
  const { publicKey, source } = readExport(await readFile(file, 'utf8'));
  if (options.key === undefined && publicKey === '') {
    throw new FaultError(
      'bad-request',
      `${file} holds no key: is it an export? Pass --key to check it with yours.`,
    );
  }
  const trusted = options.key === undefined ? publicKey : await readFile(options.key, 'utf8');
  const report = await verifyAudit(source, { verify: loadVerifyKey(trusted) });
  output.event({ type: 'audit-verify', ...report });
  output.say(reportInWords(report));
  if (options.key === undefined)
    output.say('Checked with the key in the export itself; pass --key to use one you trust.');
  return report.ok ? 0 : 1;
}
