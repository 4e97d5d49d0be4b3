export { type ExplainFilter, type ExplainRow, type ExplainWorld, explain } from './explain.ts';
export { checkPolicyFiles, loadPolicy, type PolicyOptions } from './load.ts';
export { memoisePolicy } from './memoise.ts';
export {
  defaultPolicyName,
  defaultPolicyPath,
  defaultPolicyText,
  type PolicyFile,
  policySchemaText,
  readPolicyFiles,
} from './package-files.ts';
export { formatProblem, PolicyError, type PolicyProblem } from './problem.ts';
