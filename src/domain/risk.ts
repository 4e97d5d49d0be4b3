import type { Tier } from './environment.ts';

/** What an operation does to the world. */
export type Effect = 'read' | 'create' | 'update' | 'delete' | 'run-code';

/** What typed input alone says: the floor of the risk. */
export type Assessment = {
  effect: Effect;
  targets: readonly string[];
  /** The environment's configured name; absent means it could not be resolved and counts as production. */
  environment?: string;
  /** `environment/namespace`, for roles that are bound to less than an environment. */
  place?: string;
  /** How many objects a write touches; more than one deletion asks for two leads. */
  objects: number;
  reasons: readonly string[];
  /** The operation that a pull request stands in for: policy's rules about that one hold. */
  proposes?: string;
};

export type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'critical';

export type Risk = {
  effect: Effect;
  level: RiskLevel;
  tier: Tier;
  objects: number;
  /** Why, in words for people; the first is the weightiest. */
  reasons: readonly string[];
};

const levels: readonly RiskLevel[] = ['none', 'low', 'medium', 'high', 'critical'];

/**
 * Grades a step: input sets the floor, the previewed state may only raise it.
 * A write is never graded `none`, and nothing lowers a level.
 */
export function gradeRisk(assessment: Assessment, tier: Tier, raise: readonly RiskRaise[] = []): Risk {
  const floor = floorOf(assessment, tier);
  const level = raise.reduce((highest, { level }) => higher(highest, level), floor);
  return {
    effect: assessment.effect,
    level,
    tier,
    objects: assessment.objects,
    reasons: [...raise.map(({ reason }) => reason), ...assessment.reasons],
  };
}

/** A reason found in the previewed state to take a step more seriously than its input alone. */
export type RiskRaise = { level: RiskLevel; reason: string };

export function higher(a: RiskLevel, b: RiskLevel): RiskLevel {
  return levels.indexOf(a) >= levels.indexOf(b) ? a : b;
}

function floorOf({ effect, objects }: Assessment, tier: Tier): RiskLevel {
  const production = tier === 'production';
  switch (effect) {
    case 'read':
      return 'none';
    case 'create':
    case 'update':
      return production ? 'medium' : 'low';
    case 'delete':
      return production || objects > 1 ? 'high' : 'medium';
    case 'run-code':
      return production ? 'critical' : 'high';
    default:
      return effect satisfies never;
  }
}
