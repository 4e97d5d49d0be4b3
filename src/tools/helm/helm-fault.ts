import { type ClusterAnswer, statusFault } from '../../domain/cluster-answer.ts';
import { type FaultCode, FaultError } from '../../domain/fault.ts';
import { clip } from '../../domain/text.ts';

type Meaning = readonly [RegExp, FaultCode, string];

/** What helm's words about releases mean; the first that fits. */
const states: readonly Meaning[] = [
  [/another operation \(.*\) is in progress/i, 'conflict', 'A run of helm on this release has not ended'],
  [/cannot re-?use a name|has no deployed releases/i, 'conflict', 'helm refuses the release name'],
  [/conflict occurred while applying|conflicts? with "/i, 'conflict', 'Somebody else set these fields'],
  [
    /invalid ownership metadata|cannot be imported/i,
    'conflict',
    'An object exists that is not of this release',
  ],
  [/release: not found|not found in .* history/i, 'not-found', 'helm does not know the release or revision'],
];

/** What its other words mean, where no answer of the cluster tells more. */
const meanings: readonly Meaning[] = [
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

/**
 * A failure of helm in words for people, with helm's own behind them. `answer`: the cluster's last failure meanwhile,
 * which helm often hides behind words about the chart.
 */
export function helmFault(output: string, environment: string, answer?: ClusterAnswer): FaultError {
  const said = clip(saidBy(output), 700);
  const state = meaningOf(states, output);
  if (state === undefined && answer !== undefined) {
    const { code, message } = statusFault(answer, environment).fault;
    return new FaultError(code, `${message.replace(/\.$/, '')}. helm: ${said}`);
  }
  const [, code, words] = state ?? meaningOf(meanings, output) ?? unknown;
  return new FaultError(code, `${words} (${environment}): ${said}`);
}

const unknown: Meaning = [/./, 'unhealthy', 'helm failed'];

function meaningOf(all: readonly Meaning[], output: string): Meaning | undefined {
  return all.find(([pattern]) => pattern.test(output));
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
