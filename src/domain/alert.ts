/** One alert as the monitoring says it; all its words are data. */
export type Alert = {
  /** The same for the same thing each time it fires. */
  fingerprint: string;
  firing: boolean;
  name: string;
  /** What its labels call the environment, if they do. */
  environment?: string;
  /** What fires, in the monitoring's words. */
  summary: string;
  /** The labels that tell it from others of its kind, as `pod=web-1`. */
  about: string;
  /** All of them. */
  labels: Readonly<Record<string, string>>;
  startsAt: Date;
};

/** Alerts of one kind are told in one thread. */
export function alertKind({ name, environment = '' }: Pick<Alert, 'name' | 'environment'>): string {
  return `${name}@${environment}`;
}
