import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { writeConfigTemplate } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import { kubeconfigContexts, usualKubeconfig } from '../vault/kubeconfig.ts';

/** `reign init`: writes a reign.yaml from the kubeconfig's contexts, Docker, and a few answers. */
export async function init({ config, yes }: { config?: string; yes: boolean }): Promise<number> {
  const file = path.resolve(config ?? 'reign.yaml');
  if (existsSync(file)) {
    throw new FaultError('conflict', `${file} is already there. Edit it, or move it away to start afresh.`);
  }
  const kubeconfig = usualKubeconfig(process.env);
  const contexts = await kubeconfigContexts(kubeconfig);
  const sockets = ['/var/run/docker.sock'].filter(existsSync);
  const terminal = process.stdin.isTTY === true && !yes;
  const name = terminal ? await ask('Your name, as it will stand in the history', userName()) : userName();
  const lead = terminal
    ? await ask('Somebody who may approve production changes (empty: nobody yet)', '')
    : '';
  const people = [{ name, roles: ['operator'] }, ...(lead === '' ? [] : [{ name: lead, roles: ['lead'] }])];
  await writeFile(file, writeConfigTemplate({ contexts, docker: sockets, people }), {
    mode: 0o644,
    flag: 'wx',
  });
  const found =
    contexts.length > 0
      ? `${contexts.length} contexts of ${kubeconfig}`
      : `no contexts (${kubeconfig} has none)`;
  process.stdout.write(
    `Wrote ${file} with ${found}${sockets.length > 0 ? ' and the Docker engine' : ''}.\n` +
      'Look at the tiers (production or nonproduction) before you start: `npm start` uses it from now on, and the demo is over.\n',
  );
  return 0;
}

function userName(): string {
  return process.env['USER'] || process.env['LOGNAME'] || 'me';
}

async function ask(question: string, fallback: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = (await prompt.question(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `)).trim();
    return answer === '' ? fallback : answer;
  } finally {
    prompt.close();
  }
}
