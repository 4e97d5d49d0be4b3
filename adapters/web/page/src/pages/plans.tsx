import { useCallback } from 'react';
import type { PlanCard } from '../../../../../src/domain/chat.ts';
import { api } from '../api.ts';
import { Badge } from '../common/badge.tsx';
import { FaultLine } from '../common/fault-line.tsx';
import { Select, TextFilter } from '../common/field.tsx';
import { Page } from '../common/page.tsx';
import { TableFrame } from '../common/table-frame.tsx';
import { useNow } from '../common/use-now.ts';
import { formatRoute } from '../route.ts';
import type { SectionProps } from '../shell/section.tsx';
import { useSurroundings } from '../state/context.ts';
import { headline } from '../state/plan.ts';
import { given, useFilter } from '../state/use-filter.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { count, planStates, timeInWords } from '../words.ts';

/** Every plan that one may see, newest first; it follows what happens. */
export default function Plans({ route }: SectionProps) {
  const { session, changes } = useSurroundings();
  const [filter, set] = useFilter(route);
  const { state = '', environment = '', person = '', text = '' } = filter;
  const load = useCallback(
    () => api.plans(given({ state, environment, person, text })),
    [state, environment, person, text],
  );
  const { data: plans, fault } = useLoaded(load, changes);
  return (
    <Page title="Plans" about="What was asked for, and what became of it.">
      <search className="filters">
        <TextFilter label="Text or id" value={text} set={(value) => set('text', value)} />
        <Select
          label="State"
          any="any"
          testId="filter-state"
          value={state}
          choices={Object.entries(planStates).map(([name, { words }]) => [name, words])}
          choose={(value) => set('state', value)}
        />
        <Select
          label="Environment"
          any="any"
          testId="filter-environment"
          value={environment}
          choices={session.environments.map(({ name }) => [name, name])}
          choose={(value) => set('environment', value)}
        />
        <TextFilter label="Asked by" value={person} set={(value) => set('person', value)} />
      </search>
      <FaultLine fault={fault} />
      <p className="quiet" role="status">
        {plans ? count(plans.length, 'plan') : 'One moment…'}
      </p>
      {plans && plans.length > 0 && <PlanTable plans={plans} />}
    </Page>
  );
}

function PlanTable({ plans }: { plans: readonly PlanCard[] }) {
  const now = useNow(false);
  return (
    <TableFrame label="Plans">
      <thead>
        <tr>
          <th scope="col">Plan</th>
          <th scope="col">State</th>
          <th scope="col">What</th>
          <th scope="col">Where</th>
          <th scope="col">Asked by</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <tr key={plan.id} data-plan={plan.id} data-state={plan.state}>
            <td>
              <a className="mono" href={formatRoute({ view: 'plan', plan: plan.id })}>
                {plan.id}
              </a>
            </td>
            <td>
              <Badge tone={planStates[plan.state].tone}>{planStates[plan.state].words}</Badge>
            </td>
            <td className="wide">{headline(plan)}</td>
            <td>{plan.environments.map(({ name }) => name).join(', ')}</td>
            <td>{plan.requester}</td>
            <td>{timeInWords(plan.createdAt, now)}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
