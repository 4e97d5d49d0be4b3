import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether certificates can be made on this machine. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A key and a certificate that nobody else has signed, as PEM; also as `key.pem` and `certificate.pem` in `folder`. */
export function selfSigned(
  folder: string,
  { subject, names, days = 2 }: { subject: string; names?: string; days?: number },
): { key: string; certificate: string } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const alternatives = names === undefined ? [] : ['-addext', `subjectAltName=${names}`];
  const about = ['-days', String(days), '-subj', subject, ...alternatives];
  execFileSync('openssl', ['req', ...kind, ...about, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}
