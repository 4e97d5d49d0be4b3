import type { Runbook } from '../../../../../src/domain/runbook.ts';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { Page } from '../common/page.tsx';
import { SchemaForm } from '../common/schema-form.tsx';
import { TableFrame } from '../common/table-frame.tsx';
import { formatRoute } from '../route.ts';
import type { SectionProps } from '../shell/section.tsx';
import { asTyped, type FormField } from '../state/schema-form.ts';
import { useLoaded } from '../state/use-loaded.ts';

/** Every runbook, or one with its steps and its form. */
export default function Runbooks({ route }: SectionProps) {
  const { data: runbooks, fault } = useLoaded(api.runbooks);
  const one = runbooks?.find(({ name }) => name === route.item);
  if (one) return <One key={one.name} runbook={one} />;
  return (
    <Page title="Runbooks" about="Procedures that somebody wrote down, carried out like any other plan.">
      <FaultLine fault={fault} />
      {route.item && runbooks && <p className="fault">There is no runbook {route.item}.</p>}
      {runbooks && <All runbooks={runbooks} />}
    </Page>
  );
}

function All({ runbooks }: { runbooks: readonly Runbook[] }) {
  return (
    <TableFrame label="Runbooks">
      <thead>
        <tr>
          <th scope="col">Runbook</th>
          <th scope="col">What it is for</th>
          <th scope="col">Steps</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody data-testid="runbooks">
        {runbooks.map(({ name, summary, steps, file }) => (
          <tr key={name}>
            <td>
              <a href={formatRoute({ view: 'section', section: 'runbooks', item: name, filter: {} })}>
                {name}
              </a>
            </td>
            <td className="wide">{summary}</td>
            <td>{steps.length}</td>
            <td>{file}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

function One({ runbook }: { runbook: Runbook }) {
  const { name, summary, steps, examples, parameters } = runbook;
  const defaults = parameters.flatMap((each) =>
    each.default === undefined ? [] : [[each.name, asTyped(each.default)] as const],
  );
  return (
    <Page title={name} about={summary}>
      <p>
        <a href={formatRoute({ view: 'section', section: 'runbooks', filter: {} })}>All runbooks</a>
      </p>
      <section className="panel" aria-label="Steps">
        <h3>Steps</h3>
        <ol className="numbered">
          {steps.map(({ key, operation, needs }) => (
            <li key={key}>
              {key}:{' '}
              <a href={formatRoute({ view: 'section', section: 'tools', item: operation, filter: {} })}>
                {operation}
              </a>
              {needs.length > 0 && <span className="quiet"> after {needs.join(', ')}</span>}
            </li>
          ))}
        </ol>
      </section>
      {examples.length > 0 && (
        <section className="panel" aria-label="Examples">
          <h3>Asked for as</h3>
          <ul className="examples-list">
            {examples.map((example) => (
              <li key={example}>
                <q>{example}</q>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="panel" aria-label="Try it">
        <h3>Try it</h3>
        <SchemaForm
          fields={parameters.map(fieldOf)}
          typed={Object.fromEntries(defaults)}
          send={(values, key) => api.request({ runbook: name, parameters: values }, key)}
        />
      </section>
    </Page>
  );
}

const kinds = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
} as const;

function fieldOf(parameter: Runbook['parameters'][number]): FormField {
  const { name, type, description, optional, choices = [], default: standard } = parameter;
  return {
    name,
    kind: choices.length > 0 ? 'choice' : kinds[type],
    hint: description,
    needed: !optional && standard === undefined,
    choices,
    numbers: false,
  };
}
