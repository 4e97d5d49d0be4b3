import type { StepCard } from '../../../../../src/domain/chat.ts';

export type Placed = { step: StepCard; x: number; y: number };
export type Edge = { from: Placed; to: Placed };
export type Dag = { width: number; height: number; nodes: readonly Placed[]; edges: readonly Edge[] };

/** Sizes in the picture's own units. */
export const nodeWidth = 228;
export const nodeHeight = 52;
const gapX = 42;
const gapY = 18;
const margin = 4;

/** Places steps in columns: each stands right of all that it needs, and keeps the order of the plan from top to bottom. */
export function layOut(steps: readonly StepCard[]): Dag {
  const depths = depthsOf(steps);
  const rows: number[] = [];
  const nodes = steps.map((step) => {
    const column = depths.get(step.key) ?? 0;
    const row = rows[column] ?? 0;
    rows[column] = row + 1;
    return { step, x: margin + column * (nodeWidth + gapX), y: margin + row * (nodeHeight + gapY) };
  });
  const byKey = new Map(nodes.map((node) => [node.step.key, node]));
  const before = ancestorsOf(steps);
  const edges = nodes.flatMap((to) =>
    to.step.needs.flatMap((key) => {
      const from = byKey.get(key);
      // What another needed step waits for is waited for anyway.
      const implied = to.step.needs.some((other) => other !== key && before.get(other)?.has(key));
      return from && !implied ? [{ from, to }] : [];
    }),
  );
  const tallest = Math.max(1, ...rows);
  return {
    width: 2 * margin + rows.length * (nodeWidth + gapX) - gapX,
    height: 2 * margin + tallest * (nodeHeight + gapY) - gapY,
    nodes,
    edges,
  };
}

/** How many steps must come before each, at least. A cycle, which no plan has, ends at the number of steps. */
function depthsOf(steps: readonly StepCard[]): Map<string, number> {
  const depths = new Map(steps.map(({ key }) => [key, 0]));
  for (let round = 0; round < steps.length; round += 1) {
    let moved = false;
    for (const { key, needs } of steps) {
      const depth = Math.max(0, ...needs.map((need) => (depths.get(need) ?? -1) + 1));
      if (depth > (depths.get(key) ?? 0)) {
        depths.set(key, depth);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return depths;
}

/** All steps that must have been done before each, however far back. */
function ancestorsOf(steps: readonly StepCard[]): Map<string, Set<string>> {
  const before = new Map(steps.map(({ key, needs }) => [key, new Set(needs)]));
  for (const found of before.values())
    for (const key of found) for (const further of before.get(key) ?? []) found.add(further);
  return before;
}
