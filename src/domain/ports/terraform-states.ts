/** Who holds the lock of a state. `settled` says that the step has ended: its lock counts for nothing any more. */
export type StateLock = {
  /** The id that Terraform made. */
  id: string;
  step: string;
  /** Undefined where the step is of no known plan. */
  plan?: string;
  /** What Terraform calls it, e.g. "OperationTypeApply". */
  operation: string;
  since: string;
  settled: boolean;
};

/** What is known of a state without opening it. `lineage` and `serial` are Terraform's own; null before the first. */
export type StateAbout = {
  lineage: string | null;
  serial: number | null;
  /** The step that wrote it last. */
  writtenBy: string | null;
  writtenAt: string | null;
  /** The step that took its lock last, whether or not it gave it back. */
  lockedBy: string | null;
  lock: StateLock | null;
};

/** Terraform's states and saved plans by connection, sealed where they are kept. Lives in workers. */
export interface TerraformStates {
  about(connection: string): Promise<StateAbout>;
  /** The state as Terraform wrote it; undefined before the first. */
  read(connection: string): Promise<string | undefined>;
  /**
   * Keeps a new state beside those before it.
   * @throws FaultError `locked` for another lock than the one that this step holds; `conflict` for another lineage or
   * an older serial.
   */
  write(connection: string, text: string, by: { step: string; lock: string }): Promise<void>;
  /**
   * Takes the lock for a step; the lock of a step that has ended is taken over, and one that it holds already is its
   * own. @returns who holds it instead
   */
  lock(
    connection: string,
    lock: { id: string; step: string; operation: string; info: string },
  ): Promise<{ ok: true } | { ok: false; held: StateLock; info: string }>;
  /** Gives a step's lock back, if it has not done so already. @throws FaultError `conflict` when another holds it */
  unlock(connection: string, lock: { id: string; step: string }): Promise<void>;
  /** The saved plan of a key. */
  plan(connection: string, key: string): Promise<{ sha256: string } | undefined>;
  /** Keeps a plan file; the first of a key stays. */
  keepPlan(connection: string, key: string, file: Buffer): Promise<{ sha256: string }>;
  planFile(connection: string, sha256: string): Promise<Buffer | undefined>;
}
