export { type Evaluation, evaluate } from './builtin/evaluate.ts';
export { type BuiltinPlanner, createBuiltinPlanner } from './builtin/planner.ts';
export type { Classification, IntentSource } from './builtin/types.ts';
