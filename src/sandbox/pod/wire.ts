/** What a step's pod is told, in a file that only it can read. */
export type LinkFile = {
  host: string;
  port: number;
  /** Random, for this pod alone; the worker forgets it with the step. */
  token: string;
  /** The one certificate to trust, as PEM. */
  certificate: string;
};

/** The folder of the Secret in the pod, and the file in it. */
export const linkFolder = '/run/reign-link';
export const linkName = 'link.json';

/** The name in every worker's certificate: the certificate itself is pinned, its name says nothing more. */
export const serverName = 'reign-worker';

/**
 * What a connection of a pod is for: `channel` carries the messages of src/sandbox/protocol.ts, `output` what the step
 * writes, `control` one word a line (down `signal NAME` and `kill`, up `ended …`), and each `broker` one connection
 * to the step's broker socket. It begins with the line `<token> <kind>`, which the worker answers with `ok`.
 */
export const linkKinds = ['channel', 'output', 'control', 'broker'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** The kinds of which a step has exactly one. */
export type SingleKind = Exclude<LinkKind, 'broker'>;
