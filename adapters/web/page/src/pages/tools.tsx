import { useCallback, useMemo, useState } from 'react';
import { api, type OperationDetails, type OperationSummary } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { TextFilter } from '../common/field.tsx';
import { Page } from '../common/page.tsx';
import { SchemaForm } from '../common/schema-form.tsx';
import { TableFrame } from '../common/table-frame.tsx';
import { formatRoute } from '../route.ts';
import type { SectionProps } from '../shell/section.tsx';
import { asTyped, fieldsOf } from '../state/schema-form.ts';
import { useFilter } from '../state/use-filter.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { count } from '../words.ts';

/** Every operation, or one with its form. */
export default function Tools({ route }: SectionProps) {
  return route.item === undefined ? <All route={route} /> : <One key={route.item} id={route.item} />;
}

function All({ route }: SectionProps) {
  const { data: operations, fault } = useLoaded(api.operations);
  const [{ text = '' }, set] = useFilter(route);
  const found = operations?.filter(({ id, summary }) =>
    `${id} ${summary}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Page title="Tools" about="Everything that Reign can do, one typed operation at a time.">
      <search className="filters">
        <TextFilter label="Search" testId="filter-text" value={text} set={(value) => set('text', value)} />
      </search>
      <FaultLine fault={fault} />
      <p className="quiet" role="status">
        {found ? count(found.length, 'operation') : 'One moment…'}
      </p>
      {found && found.length > 0 && <Operations operations={found} />}
    </Page>
  );
}

function Operations({ operations }: { operations: readonly OperationSummary[] }) {
  return (
    <TableFrame label="Operations">
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">What it does</th>
          <th scope="col">Effect</th>
          <th scope="col">Preview</th>
          <th scope="col">Undo</th>
        </tr>
      </thead>
      <tbody data-testid="operations">
        {operations.map(({ id, summary, effect, preview, undo }) => (
          <tr key={id} data-operation={id}>
            <td>
              <a
                className="mono"
                href={formatRoute({ view: 'section', section: 'tools', item: id, filter: {} })}
              >
                {id}
              </a>
            </td>
            <td className="wide">{summary}</td>
            <td>{effect}</td>
            <td>{preview}</td>
            <td>{effect === 'read' ? '-' : undo}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

function One({ id }: { id: string }) {
  const load = useCallback(() => api.operation(id), [id]);
  const { data: operation, fault } = useLoaded(load);
  return (
    <Page title={id} about={operation?.summary}>
      <p>
        <a href={formatRoute({ view: 'section', section: 'tools', filter: {} })}>All operations</a>
      </p>
      <FaultLine fault={fault} />
      {operation && <Details operation={operation} />}
    </Page>
  );
}

function Details({ operation }: { operation: OperationDetails }) {
  const { id, effect, repeat, preview, undo, irreversibleBecause, connections, sensitive, examples } =
    operation;
  const fields = useMemo(() => fieldsOf(operation.schema), [operation.schema]);
  const [example, setExample] = useState<number>();
  const params = example === undefined ? {} : (examples[example]?.params ?? {});
  const typed = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, asTyped(value)]));
  return (
    <>
      <section className="panel" aria-label="Facts">
        <dl className="facts">
          <Fact name="Effect" says={effect} />
          <Fact name="Preview" says={preview} />
          {effect !== 'read' && (
            <Fact name="Undo" says={irreversibleBecause ? `${undo}: ${irreversibleBecause}` : undo} />
          )}
          <Fact name="Repeat" says={repeat} />
          <Fact name="Reaches" says={connections.join(', ') || 'nothing'} />
          {sensitive && <Fact name="Output" says="from production only the asker sees it" />}
        </dl>
      </section>
      {examples.length > 0 && (
        <section className="panel" aria-label="Examples">
          <h3>Asked for as</h3>
          <ul className="examples-list">
            {examples.map(({ request }, index) => (
              <li key={request}>
                <q>{request}</q>{' '}
                <button type="button" className="small" onClick={() => setExample(index)}>
                  Fill in
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="panel" aria-label="Try it">
        <h3>Try it</h3>
        <SchemaForm
          key={example}
          fields={fields}
          typed={typed}
          send={(request, key) => api.request({ operation: id, request }, key)}
        />
      </section>
    </>
  );
}

function Fact({ name, says }: { name: string; says: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{says}</dd>
    </div>
  );
}
