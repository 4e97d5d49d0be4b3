import { type FaultCode, FaultError } from '../../domain/fault.ts';
import { clip } from '../../domain/text.ts';

/** What helm's words mean; the first that fits. */
const meanings: readonly [RegExp, FaultCode, string][] = [
  [/x-reign-fault|"fault":\{/i, 'refused', 'A request of helm was not let through'],
  [/another operation \(.*\) is in progress/i, 'conflict', 'A run of helm on this release has not ended'],
  [/cannot re-?use a name|has no deployed releases/i, 'conflict', 'helm refuses the release name'],
  [/conflict occurred while applying|conflicts? with "/i, 'conflict', 'Somebody else set these fields'],
  [
    /invalid ownership metadata|cannot be imported/i,
    'conflict',
    'An object exists that is not of this release',
  ],
  [/release: not found|not found in .* history/i, 'not-found', 'helm does not know the release or revision'],
  [/forbidden/i, 'not-allowed', 'The cluster does not allow it'],
  [
    /no matches for kind|failed to download openapi/i,
    'bad-request',
    'The chart has a kind that the cluster does not know',
  ],
  [/missing in charts\/ directory/i, 'bad-request', 'Run `helm dependency build` in the folder of the chart'],
  [/connection refused|cluster unreachable|no such host/i, 'unreachable', 'The cluster cannot be reached'],
  [
    /parse error|execution error|values don't meet|unable to build|error validating|schema/i,
    'bad-request',
    'The chart cannot be used',
  ],
];

/** A failure of helm in words for people, with helm's own behind them. */
export function helmFault(output: string, environment: string): FaultError {
  const [, code, words] = meanings.find(([pattern]) => pattern.test(output)) ?? [
    /./,
    'unhealthy' as const,
    'helm failed',
  ];
  return new FaultError(code, `${words} (${environment}): ${clip(saidBy(output), 700)}`);
}

/** The last error that helm printed, less its log. */
function saidBy(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^level=|^W\d{4} /.test(line));
  const start = lines.findLastIndex((line) => line.startsWith('Error:'));
  return (start === -1 ? lines.slice(-5) : lines.slice(start))
    .join('\n')
    .replace(/^Error: /, '')
    .trim();
}
