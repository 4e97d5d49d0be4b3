import type { ChatBody, ChatEntry } from '../../../../../src/domain/chat.ts';
import { useNow } from '../common/use-now.ts';
import { PlanCardView } from '../plan/plan-card.tsx';
import { PlanPointer } from '../plan/plan-pointer.tsx';
import { useSurroundings } from '../state/context.ts';
import { timeInWords } from '../words.ts';
import { Answer } from './answer.tsx';
import { Final } from './final.tsx';
import { Question } from './question.tsx';
import { Said } from './said.tsx';

type EntryProps = {
  entry: ChatEntry;
  before: ChatEntry | undefined;
  /** Whether the plan's card stands again further down. */
  repeated: boolean;
};

/** One entry. What Reign says in a row stands under one heading. */
export function EntryView({ entry, before, repeated }: EntryProps) {
  const { body, at } = entry;
  if (body.kind === 'said') return <Said person={body.person} text={body.text} at={at} />;
  const headed = before === undefined || before.body.kind === 'said';
  return (
    <div className="reign" data-kind={body.kind}>
      {headed && <ReignHead at={at} />}
      <Body body={body} repeated={repeated} />
    </div>
  );
}

function ReignHead({ at }: { at: string }) {
  const now = useNow(false);
  return (
    <p className="who">
      <b>Reign</b> <span className="time">{timeInWords(at, now)}</span>
    </p>
  );
}

function Body({ body, repeated }: { body: Exclude<ChatBody, { kind: 'said' }>; repeated: boolean }) {
  const { plans } = useSurroundings();
  if (repeated && body.kind === 'plan') return <PlanPointer plan={plans[body.plan.id] ?? body.plan} />;
  switch (body.kind) {
    case 'working':
      return (
        <p className="working" data-testid="working">
          {body.text}
        </p>
      );
    case 'answer':
      return <Answer {...body} />;
    case 'question':
      return <Question {...body} />;
    case 'plan':
      return <PlanCardView plan={plans[body.plan.id] ?? body.plan} />;
    case 'progress':
      return <PlanPointer plan={plans[body.plan.id] ?? body.plan} />;
    case 'notice':
      return (
        <p className="notice" data-testid="notice">
          {body.text}
        </p>
      );
    case 'refusal':
      return (
        <div className="refusal" data-testid="refusal">
          <b>Not done.</b> <span className="text">{body.text}</span>
        </div>
      );
    case 'final':
      return <Final plan={plans[body.plan.id] ?? body.plan} text={body.text} canUndo={body.canUndo} />;
    default:
      return body satisfies never;
  }
}
