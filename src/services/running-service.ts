/** A backing service that is up and takes requests. */
export interface RunningService {
  name: 'postgres' | 'redis';
  url: string;
  /** It ran before this start. */
  adopted: boolean;
  /** Ends exactly this one, gracefully, within bounded time. */
  stop(): Promise<void>;
}
