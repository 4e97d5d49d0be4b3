/** How long things are kept, in seconds; absent: for ever. */
export type Retention = {
  /** What plans were made of and found out, and the payloads of their audit. */
  payloadSeconds?: number;
  /** What was said in conversations in which nothing happens any more. */
  chatSeconds?: number;
};
