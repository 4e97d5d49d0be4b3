/**
 * A value under a data key of its own, which is itself wrapped by a master key. Base64url; AES-256-GCM with the
 * authentication tag at the end. What the value belongs to is authenticated with it: a row that is moved or renamed
 * does not open.
 */
export type Sealed = { masterKey: string; wrapped: string; iv: string; text: string };

/** Where a secret may be used; `*` stands for everywhere. */
export type SecretScope = { environment: string; tool: string };

export type SecretAbout = SecretScope & { name: string; version: number };

/** What is sealed is the value, or (with `refersTo`) the address where the value lies. */
export type KeptSecret = SecretAbout & {
  sealed: Sealed;
  refersTo: string | null;
  setBy: string;
  setAt: Date;
};

/** Wraps data keys: a file, the environment, or a key management service. Throws FaultError `unreachable`. */
export interface KeyWrapper {
  /** Whether a master key, as `wrap` has named it, is one of these. */
  owns(masterKey: string): boolean;
  wrap(dataKey: Buffer): Promise<{ masterKey: string; wrapped: string }>;
  /** @throws FaultError `not-found` for a master key that is not there. */
  unwrap(masterKey: string, wrapped: string): Promise<Buffer>;
  /** The same data key under the current master key; it need not leave where it is wrapped. */
  rewrap(masterKey: string, wrapped: string): Promise<{ masterKey: string; wrapped: string }>;
  /** The key that `wrap` uses. */
  current(): Promise<string>;
  /** Makes another master key the current one; the old ones still unwrap. Throws FaultError `unsupported`. */
  renew(): Promise<string>;
}

/** Seals what is given to it, for those who may keep secrets and need not read them. */
export interface Sealer {
  seal(value: string, about: SecretAbout): Promise<Sealed>;
  open(sealed: Sealed, about: SecretAbout): Promise<string>;
  /** The same value under the current master key. */
  rewrap(sealed: Sealed): Promise<Sealed>;
  current(): Promise<string>;
  renew(): Promise<string>;
}
