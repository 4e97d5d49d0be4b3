/** What can go wrong with a backing service. Callers switch on it; people read the message. */
export type ServiceErrorCode =
  | 'data-dir-not-writable'
  | 'data-dir-in-use'
  | 'data-of-another-user'
  | 'data-of-another-version'
  | 'disk-full'
  | 'port-in-use'
  | 'platform-not-supported'
  | 'no-unprivileged-account'
  | 'redis-missing'
  | 'postgres-failed'
  | 'redis-failed'
  | 'demo-cluster-failed'
  | 'process-not-started';

/** A backing service cannot be had. The message says what is wrong and what to do about it. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;

  constructor(code: ServiceErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ServiceError';
    this.code = code;
  }
}

/** Turns a file system error into a ServiceError that names the folder and the way out; others pass through. */
export function explainFileError(error: unknown, folder: string): unknown {
  switch (fileErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOENT':
      return new ServiceError(
        'data-dir-not-writable',
        `Cannot write to ${folder} (${fileErrorCode(error)}). Give this user the right to write there, ` +
          'or choose another folder with --data DIR.',
        error,
      );
    default:
      return error;
  }
}

/** The disk that holds a folder is full. */
export function diskFull(folder: string, cause?: unknown): ServiceError {
  return new ServiceError(
    'disk-full',
    `The disk that holds ${folder} is full. Free some space (Reign needs about 200 MB), ` +
      'or choose another folder with --data DIR.',
    cause,
  );
}

/** The errno name of a Node error, such as ENOENT. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
