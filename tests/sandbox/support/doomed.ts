import type { ServerAccess } from '../../../src/domain/ports/credentials.ts';
import type { SandboxOptions } from '../../../src/sandbox/index.ts';
import type { PodOptions } from '../../../src/sandbox/pod/options.ts';
import { openSandbox, runSnippet, type TestBed } from './sandbox.ts';

/** A worker that runs an endless step until somebody kills it. Arguments: folder, test host, code folder, mark, pods. */
const [folder = '', stepHost = '', codeFolder = '', mark = '', pods] = process.argv.slice(2);
const bed: TestBed = { folder, stepHost, codeFolder, remove: () => {} };
const sandbox = await openSandbox(bed, {}, pods === undefined ? {} : podOptions(pods));
const session = await sandbox.open({ planId: 'p-doomed', profile: 'tool' });
const source = `const cp = await load('node:child_process');
  cp.spawn('/usr/bin/setsid', ['/bin/sh', '-c', 'while :; do sleep 0.1; : ${mark}; done'], { stdio: 'ignore', detached: true });
  access.report('running'); await access.sleep(600_000);`;
const options = { deadline: new Date(Date.now() + 600_000), onProgress: (line: string) => console.log(line) };
await runSnippet(session, source, options);

function podOptions(text: string): Partial<SandboxOptions> {
  const { access, ...pod } = JSON.parse(text) as Omit<PodOptions, 'access'> & { access: ServerAccess };
  return { backend: 'pod', poolSize: 0, pod: { ...pod, access: async () => access } };
}
