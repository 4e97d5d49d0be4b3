import { join } from 'node:path';
import { type ChildPlaces, inside } from '../backend.ts';
import { bounds } from '../limits/index.ts';
import { boundedCommand } from '../limits/rlimits.ts';
import { cleanEnvironment } from '../programs.ts';
import { type CodeLayout, nodeArguments, parentArguments, systemArguments } from './layout.ts';

export type Tools = {
  bwrap: string;
  setpriv: string | undefined;
  prlimit: string | undefined;
  /** Options of bubblewrap that this version knows. */
  knows: (option: string) => boolean;
};

export type CommandOptions = {
  tools: Tools;
  code: CodeLayout;
  places: ChildPlaces;
  /** Unprivileged account that the step gets when this process is root; undefined: a user namespace. */
  account: number | undefined;
  infoDescriptor: number;
  seccompDescriptor: number | undefined;
  optionsDescriptor: number;
  /** Only tries whether a step could run. */
  trial: boolean;
};

export type BubblewrapCommand = {
  command: readonly string[];
  /** What bubblewrap reads from `optionsDescriptor`, so that the paths of this machine are in no command line. */
  options: Buffer;
};

/** The command line of a sandboxed step, starting with bubblewrap itself. */
export function bubblewrapCommand(options: CommandOptions): BubblewrapCommand {
  const { tools, account, code } = options;
  const { node } = nodeArguments();
  return {
    options: Buffer.from(sandboxArguments(options).join('\0')),
    command: [
      ...[tools.bwrap, '--args', String(options.optionsDescriptor), '--'],
      ...(account === undefined ? [] : dropCommand(tools.setpriv, account)),
      ...(tools.prlimit === undefined ? [] : boundedCommand(tools.prlimit)),
      ...(options.trial ? trialCommand(node, code.entry) : stepCommand(node, code.entry)),
    ],
  };
}

function sandboxArguments(options: CommandOptions): string[] {
  const { tools, code, places } = options;
  const { args: nodeMounts } = nodeArguments();
  const size = (megabytes: number): string[] =>
    tools.knows('--size') ? ['--size', String(megabytes * 1024 * 1024)] : [];
  const temporary = ['--perms', '1777', ...size(bounds.temporaryMb), '--tmpfs'];
  const { binds } = code;
  return [
    ...namespaceArguments(options),
    ...['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'reign-step'],
    ...systemArguments(),
    ...parentArguments(['/etc/passwd', ...binds.map(([, to]) => to), inside.socketPath]),
    ...nodeMounts,
    ...binds.flatMap(([from, to]) => ['--ro-bind', from, to]),
    ...['--ro-bind', join(places.folder, 'package.json'), '/reign/package.json'],
    ...['passwd', 'group', 'hosts'].flatMap((name) => [
      '--ro-bind',
      join(places.folder, name),
      `/etc/${name}`,
    ]),
    ...['--proc', '/proc', '--dev', '/dev', ...temporary, '/dev/shm', ...temporary, '/tmp'],
    ...['--bind', places.workFolder, inside.workFolder, '--bind', places.socketPath, inside.socketPath],
    ...['--remount-ro', '/', '--chdir', inside.workFolder],
    ...environmentArguments(),
    ...['--info-fd', String(options.infoDescriptor)],
    ...(options.seccompDescriptor === undefined ? [] : ['--seccomp', String(options.seccompDescriptor)]),
  ];
}

function stepCommand(node: string, entry: string): string[] {
  return [node, `--max-old-space-size=${bounds.heapMb}`, entry];
}

/** Succeeds when the step's account can read the code and write its folder, and Node runs. */
function trialCommand(node: string, entry: string): string[] {
  const script = 'cat "$1" > /dev/null && touch /work/trial /tmp/trial && exec "$2" -e 0';
  return ['/bin/sh', '-c', script, 'sh', entry, node];
}

/**
 * As root the mounts are made with root's own rights and the account is changed inside, so that the code may lie in a
 * folder that only root can reach; the step is then an account of the machine without any capability. As an
 * ordinary user a user namespace gives the right to mount.
 */
function namespaceArguments({ account, tools }: CommandOptions): string[] {
  if (account !== undefined)
    return [
      ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
      ...[
        '--cap-drop',
        'ALL',
        '--cap-add',
        'CAP_SETUID',
        '--cap-add',
        'CAP_SETGID',
        '--cap-add',
        'CAP_SETPCAP',
      ],
    ];
  return [
    ...['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '1000', '--cap-drop', 'ALL'],
    ...(tools.knows('--disable-userns') ? ['--disable-userns'] : []),
  ];
}

function dropCommand(setpriv: string | undefined, account: number): string[] {
  return [
    setpriv ?? 'setpriv',
    ...['--reuid', String(account), '--regid', String(account), '--clear-groups'],
    ...['--bounding-set', '-all', '--inh-caps', '-all', '--no-new-privs'],
  ];
}

function environmentArguments(): string[] {
  return Object.entries(cleanEnvironment(inside.workFolder)).flatMap(([name, value]) => [
    '--setenv',
    name,
    value,
  ]);
}
