import { renderContent } from '../../adapters/terminal/index.ts';
import { createOutput } from '../cli/output.ts';
import { environmentsView, loadConfig } from '../config/index.ts';
import { checkPolicyFiles, explain, formatProblem, readPolicyFiles } from '../policy/index.ts';
import { createCatalogue } from '../tools/registry.ts';
import { configuredPolicy } from './configured-policy.ts';
import { withTools } from './configured-tools.ts';

/** `reign policy check`: problems with file and line; exit code 1 when any is an error. */
export async function policyCheck(
  files: string[],
  options: { config?: string; json: boolean },
): Promise<number> {
  const output = createOutput(options.json);
  const paths = files.length > 0 ? files : configOf(options).policy.files;
  const problems = checkPolicyFiles(readPolicyFiles(paths));
  for (const problem of problems) {
    output.event({ type: 'policy-problem', ...problem });
    output.say(formatProblem(problem));
  }
  const broken = problems.some(({ severity }) => severity === 'error');
  output.event({ type: 'policy-check', ok: !broken, problems: problems.length });
  output.say(broken ? 'The policy is broken.' : `The policy is good: ${paths.join(', ')}.`);
  return broken ? 1 : 0;
}

/** `reign policy explain`: who may do what, and who must approve. */
export async function policyExplain(options: {
  config?: string;
  environment?: string;
  operation?: string;
  as?: string;
  json: boolean;
}): Promise<number> {
  const output = createOutput(options.json);
  const config = configOf(options);
  const policy = configuredPolicy(config);
  const catalogue = await withTools(config, async (tools) => createCatalogue(tools).all);
  const filter = {
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.operation === undefined ? {} : { operation: options.operation }),
    ...(options.as === undefined ? {} : { person: options.as }),
  };
  const rows = explain(
    policy,
    { people: config.people, environments: environmentsView(config), catalogue },
    filter,
  );
  for (const row of rows) output.event({ type: 'policy', ...row });
  const words = rows.map((row) =>
    Object.values(row).map((value) => (Array.isArray(value) ? value.join(', ') : String(value))),
  );
  output.say(renderContent({ kind: 'table', columns: Object.keys(rows[0] ?? {}), rows: words }));
  return 0;
}

function configOf({ config }: { config?: string }) {
  return loadConfig({ cwd: process.cwd(), env: process.env, file: config });
}
