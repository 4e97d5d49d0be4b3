import type { Chart } from '../../src/domain/chart.ts';
import type { ChatBody } from '../../src/domain/chat.ts';
import type { Rendered } from '../../src/domain/operation.ts';
import type { DrawPicture, Post } from '../../src/domain/ports/chat-platform.ts';
import { clip, clipLines, tableLines } from '../../src/domain/text.ts';
import {
  type Action,
  bold,
  card,
  type Element,
  execute,
  line,
  monospace,
  run,
  type TeamsMessage,
} from './elements.ts';
import { teamsProblems } from './limits.ts';
import { renderCard, renderFinal, renderProgress } from './render-plan.ts';

/** Options that a question offers as buttons; more are read as a list. */
const mostOptions = 6;
/** Units of an answer that a card shows. */
const longestAnswer = 8000;

/** An entry of a conversation as a message of Teams, within Teams' limits. */
export function renderPost({ key, body, planUrl }: Post, now: Date, draw?: DrawPicture): TeamsMessage {
  switch (body.kind) {
    case 'said':
      return words(bold(clip(body.person, 100)), run(`: ${clip(body.text, 4000)}`));
    case 'working':
      return words(run(clip(body.text, 500), { isSubtle: true }));
    case 'notice':
      return words(run(`${clip(body.text, 4000)}${body.planId ? ` (${body.planId})` : ''}`));
    case 'refusal':
      return words(run(`🚫 ${clip(body.text, 4000)}`));
    case 'answer':
      return withPicture(renderAnswer(body, key, planUrl), body.content, draw);
    case 'question':
      return renderQuestion(body);
    case 'plan':
      return renderCard(body.plan, planUrl);
    case 'progress':
      return renderProgress(body.plan, planUrl, now);
    case 'final':
      return renderFinal(body.plan, body.text, body.canUndo, planUrl, now);
    default:
      return body satisfies never;
  }
}

function words(...runs: Parameters<typeof line>): TeamsMessage {
  return { summary: clip(runs.map(({ text }) => text).join(''), 200), card: card([line(...runs)]) };
}

function renderAnswer(
  body: ChatBody & { kind: 'answer' },
  key: string,
  planUrl: Post['planUrl'],
): TeamsMessage {
  const { elements, left } = contentOf(body.content);
  const title = body.title ? [line(bold(clip(body.title, 300)))] : [];
  const note =
    'note' in body.content && body.content.note
      ? [line(run(clip(body.content.note, 1500), { isSubtle: true }))]
      : [];
  const more = left > 0 ? [line(run(`${left} more lines`, { isSubtle: true }))] : [];
  const only = body.private ? [line(run('Only you see this.', { isSubtle: true }))] : [];
  const actions: Action[] = [
    ...(body.private && key !== '' ? [execute('Share', { do: 'share', key })] : []),
    ...(left > 0 && body.planId
      ? [{ type: 'Action.OpenUrl', title: 'All of it', url: planUrl(body.planId) } as const]
      : []),
  ];
  const summary = clip(body.title ?? 'An answer', 200);
  return { summary, card: card([...title, ...elements, ...note, ...more, ...only], actions) };
}

/** Pixels of a picture; the first that leaves the card small enough is shown, else none. */
const pictureWidths = [600, 420];

function withPicture(message: TeamsMessage, content: Rendered, draw: DrawPicture | undefined): TeamsMessage {
  const chart = 'chart' in content ? content.chart : undefined;
  if (!chart || !draw) return message;
  const altText = clip(`Chart: ${chart.title}`, 200);
  for (const width of pictureWidths) {
    const url = pictureUrl(chart, width, draw);
    if (url === undefined) break;
    const image: Element = { type: 'Image', url, altText, size: 'Stretch' };
    const bigger = { ...message, card: { ...message.card, body: [...message.card.body, image] } };
    if (teamsProblems(bigger).length === 0) return bigger;
  }
  return message;
}

function pictureUrl(chart: Chart, width: number, draw: DrawPicture): string | undefined {
  try {
    return `data:image/png;base64,${Buffer.from(draw(chart, width)).toString('base64')}`;
  } catch {
    // The words of the answer say it all.
    return undefined;
  }
}

function contentOf(content: Rendered): { elements: Element[]; left: number } {
  switch (content.kind) {
    case 'text': {
      const { lines, left } = clipLines(content.text.split('\n'), longestAnswer);
      return { elements: [line(run(lines.join('\n') || '(nothing)'))], left };
    }
    case 'table':
      return fixed(tableLines(content.columns, content.rows));
    case 'lines':
      return fixed(content.lines.length > 0 ? content.lines : ['(nothing)']);
    default:
      return content satisfies never;
  }
}

function fixed(all: readonly string[]): { elements: Element[]; left: number } {
  const { lines, left } = clipLines(all, longestAnswer);
  return { elements: [monospace(lines)], left };
}

function renderQuestion(body: ChatBody & { kind: 'question' }): TeamsMessage {
  const text = clip(body.text, 2000);
  const about = line(run(text), run(` (for ${clip(body.to, 100)})`, { isSubtle: true }));
  if (body.answered !== undefined) {
    return {
      summary: clip(text, 200),
      card: card([about, line(bold(clip(body.answered || '(nothing)', 300)))]),
    };
  }
  const options = body.options
    .slice(0, mostOptions)
    .map(({ label }, option) =>
      execute(clip(label, 60), { do: 'answer', question: body.questionId, option }),
    );
  const rest = body.options
    .slice(mostOptions)
    .map(({ label }, index) => `${mostOptions + index + 1}. ${label}`);
  const more = rest.length > 0 ? [monospace(clipLines(rest, 4000).lines)] : [];
  return { summary: clip(text, 200), card: card([about, ...more], options) };
}
