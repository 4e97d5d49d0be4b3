import path from 'node:path';
import colours from 'picocolors';
import type { Config } from '../config/index.ts';
import { thingsToTry } from './gateway.ts';
import type { Running } from './start.ts';

/** What a newcomer sees: where to go, what is connected and what is not, and what to try. */
export async function banner(config: Config, running: Running, milliseconds: number): Promise<string> {
  const { gateway } = running;
  const demo = config.mode === 'demo';
  const head = `${colours.bold('Reign')} is up${demo ? ' in demo mode' : ''} after ${(milliseconds / 1000).toFixed(1)} s.`;
  if (!gateway) return `${head} This is a worker; it takes previews and steps.`;
  const you = config.people.find(({ principals }) => principals.some(({ platform }) => platform === 'local'));
  const lines = [
    '',
    head,
    '',
    `  ${colours.bold('Web chat')}   ${colours.cyan(await gateway.link(you?.name ?? ''))}`,
    '             (good once, for five minutes; `npx reign link` makes another)',
    `  ${colours.bold('Terminal')}   npx reign chat`,
    '',
    `  ${colours.bold('Connected')}`,
    ...gateway.states.map(({ name, state, hint }) => `    ${mark(state)} ${name.padEnd(10)} ${hint}`),
    '',
    `  ${colours.bold('Try')}`,
    ...thingsToTry.map((text) => `    npx reign ask "${text}"`),
    '',
  ];
  if (demo) {
    const kubeconfig = path.relative(process.cwd(), path.join(config.dataDir, 'demo.kubeconfig'));
    lines.push(
      `  You are ${config.people.map(({ name, roles }) => `${name} (${roles.map(({ role }) => role).join(', ')})`).join(', ')}: switch on the page, or with --as bob.`,
      `  The demo clusters are real to kubectl: KUBECONFIG=${kubeconfig} kubectl get pods -A`,
      '  `npx reign init` writes a reign.yaml from what is here and ends demo mode.',
      '',
    );
    if (config.ignoredInDemo.length > 0) {
      lines.push(`  Not used in the demo: ${config.ignoredInDemo.join(', ')}.`, '');
    }
  }
  return lines.join('\n');
}

function mark(state: string): string {
  if (state === 'connected') return colours.green('●');
  return state === 'off' ? colours.yellow('○') : colours.dim('○');
}
