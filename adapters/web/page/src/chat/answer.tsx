import type { ChatBody } from '../../../../../src/domain/chat.ts';
import type { Rendered } from '../../../../../src/domain/operation.ts';
import { CopyButton } from '../common/copy-button.tsx';
import { TableFrame } from '../common/table-frame.tsx';
import { count } from '../words.ts';
import { Chart } from './chart.tsx';

type AnswerProps = Pick<Extract<ChatBody, { kind: 'answer' }>, 'title' | 'content' | 'private'>;

/** What was read or is known: text, a table, or lines. */
export function Answer({ title, content, private: onlyForMe }: AnswerProps) {
  return (
    <section className="answer" data-testid="answer" data-kind={content.kind}>
      {(title || onlyForMe) && (
        <p className="answer-head">
          {title && <b>{title}</b>} {onlyForMe && <span className="badge quiet">only you see this</span>}
        </p>
      )}
      <Content content={content} />
      {'chart' in content && content.chart && <Chart chart={content.chart} />}
    </section>
  );
}

/** What an operation brought. */
export function Content({ content }: { content: Rendered }) {
  switch (content.kind) {
    case 'text':
      return <p className="text">{content.text}</p>;
    case 'table':
      return <Table {...content} />;
    case 'lines':
      return <Lines {...content} />;
    default:
      return content satisfies never;
  }
}

function Table({ columns, rows, note }: Extract<Rendered, { kind: 'table' }>) {
  return (
    <>
      <TableFrame label="Table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('\n')}>
              {columns.map((column, index) => (
                <td key={column}>{row[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableFrame>
      {note && <p className="quiet">{note}</p>}
    </>
  );
}

function Lines({ lines, note }: Extract<Rendered, { kind: 'lines' }>) {
  const text = lines.join('\n');
  return (
    <figure className="lines">
      <figcaption>
        <span>{count(lines.length, 'line')}</span>
        <CopyButton text={text} />
      </figcaption>
      <textarea
        className="lines-text"
        readOnly
        wrap="off"
        aria-label="Lines"
        rows={Math.min(18, Math.max(1, lines.length))}
        value={text}
      />
      {note && <p className="quiet">{note}</p>}
    </figure>
  );
}
