/** What the command line does without a running Reign; given by the composition root, loaded when used. */
export type LocalCommands = {
  start(options: StartFlags): Promise<number>;
  init(options: { config?: string; yes: boolean }): Promise<number>;
  doctor(options: { config?: string; data?: string; json: boolean }): Promise<number>;
  backup(
    folder: string,
    options: { config?: string; data?: string; json: boolean; masterKey: boolean },
  ): Promise<number>;
  restore(folder: string, options: { data?: string; json: boolean; database?: string }): Promise<number>;
  health(options: { config?: string; data?: string; live: boolean; json: boolean }): Promise<number>;
  migrate(options: { config?: string; data?: string; json: boolean }): Promise<number>;
  policyCheck(files: string[], options: { config?: string; json: boolean }): Promise<number>;
  policyExplain(options: {
    config?: string;
    environment?: string;
    operation?: string;
    as?: string;
    json: boolean;
  }): Promise<number>;
  tools(options: { json: boolean; config?: string }): Promise<number>;
  toolsCheck(place: string | undefined, options: { json: boolean; config?: string }): Promise<number>;
  runbooks(name: string | undefined, options: { json: boolean; config?: string }): Promise<number>;
  runbooksCheck(files: readonly string[], options: { json: boolean; config?: string }): Promise<number>;
  evaluate(file: string, options: { json: boolean }): Promise<number>;
  /** The cases that Reign ships for `eval --llm`. */
  llmCases(): string;
  verifyExport(file: string, options: { key?: string; json: boolean }): Promise<number>;
};

export type StartFlags = {
  role?: string;
  port?: string;
  data?: string;
  config?: string;
  install: boolean;
};
