import type { PlanCard, StepCard } from '../../../../../src/domain/chat.ts';
import { formatRoute } from '../route.ts';
import { layOut, nodeHeight, nodeWidth, type Placed } from '../state/dag.ts';
import { stepStates } from '../words.ts';

/** Characters of a title that fit into a node. */
const fits = 28;

/** The steps of a plan as a picture: what waits for what, and how far each is. Each leads to its details. */
export function PlanGraph({ plan, chosen }: { plan: PlanCard; chosen: string | undefined }) {
  const { width, height, nodes, edges } = layOut(plan.steps);
  return (
    <section className="graph" aria-label="Steps and their order" data-testid="graph">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>Steps and their order</title>
        {edges.map(({ from, to }) => (
          <path
            key={`${from.step.key} ${to.step.key}`}
            className="edge"
            d={curve(from, to)}
            data-state={from.step.state}
          />
        ))}
        {nodes.map((node) => (
          <Node key={node.step.key} node={node} plan={plan.id} chosen={node.step.key === chosen} />
        ))}
      </svg>
    </section>
  );
}

function Node({ node, plan, chosen }: { node: Placed; plan: string; chosen: boolean }) {
  const { step, x, y } = node;
  const { words, tone } = stepStates[step.state];
  return (
    <a
      href={formatRoute({ view: 'plan', plan, step: step.key })}
      className={`node ${tone}`}
      aria-current={chosen ? 'true' : undefined}
      data-step={step.key}
      data-state={step.state}
    >
      <rect x={x} y={y} width={nodeWidth} height={nodeHeight} rx={6} />
      <text className="node-title" x={x + 10} y={y + 21}>
        {shortTitle(step)}
      </text>
      <text className="node-state" x={x + 10} y={y + 40}>
        {words}
      </text>
    </a>
  );
}

function curve(from: Placed, to: Placed): string {
  const [x1, y1] = [from.x + nodeWidth, from.y + nodeHeight / 2];
  const [x2, y2] = [to.x, to.y + nodeHeight / 2];
  const bend = (x2 - x1) / 2;
  return `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`;
}

function shortTitle({ title }: StepCard): string {
  return title.length <= fits ? title : `${title.slice(0, fits - 1)}…`;
}
