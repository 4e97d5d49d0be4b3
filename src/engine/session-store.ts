/** Where sign-in links and sessions are kept. Tokens come in whole and are kept as hashes. */
export interface SessionStore {
  addLink(token: string, person: string, expiresAt: Date): Promise<void>;
  /** Uses a link up. @returns whose it is, or undefined when it is unknown, used or expired. */
  useLink(token: string, now: Date): Promise<string | undefined>;
  addSession(token: string, person: string, createdAt: Date, expiresAt: Date): Promise<void>;
  findSession(token: string, now: Date): Promise<string | undefined>;
  switchSession(token: string, person: string): Promise<void>;
  endSession(token: string): Promise<void>;
}
