import type { ChatBody } from '../../src/domain/chat.ts';
import type { Rendered } from '../../src/domain/operation.ts';
import type { Post } from '../../src/domain/ports/chat-platform.ts';
import { clip, clipLines, tableLines } from '../../src/domain/text.ts';
import { actions, type Block, button, context, longestText, type SlackMessage, section } from './blocks.ts';
import { fence, link, plain } from './mrkdwn.ts';
import { renderCard, renderFinal, renderProgress } from './render-plan.ts';

/** Options that a question offers as buttons; more are read as a list. */
const mostOptions = 20;

/** An entry of a conversation as a message of Slack, within Slack's limits. */
export function renderPost({ key, body, planUrl }: Post, now: Date): SlackMessage {
  switch (body.kind) {
    case 'said':
      return words(`*${plain(body.person, 100)}*: ${plain(body.text, 2500)}`);
    case 'working':
      return words(`_${plain(body.text, 500)}_`);
    case 'notice':
      return words(
        `${plain(body.text, 2500)}${body.planId ? ` ${link(planUrl(body.planId), body.planId)}` : ''}`,
      );
    case 'refusal':
      return words(`🚫 ${plain(body.text, 2500)}`);
    case 'answer':
      return renderAnswer(body, key, planUrl);
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

function words(text: string): SlackMessage {
  return { text, blocks: [section(text)] };
}

type Answer = ChatBody & { kind: 'answer' };

function renderAnswer(body: Answer, key: string, planUrl: Post['planUrl']): SlackMessage {
  if (body.content.kind === 'text') return renderText(body, body.content.text, key);
  const { text, left } = contentText(body.content);
  const note = 'note' in body.content && body.content.note ? [context(plain(body.content.note, 1500))] : [];
  const rest =
    left > 0 && body.planId
      ? [context(`${left} more lines: ${link(planUrl(body.planId), 'all of it')}`)]
      : [];
  return {
    text: clip(body.title ? plain(body.title, 300) : text, 300),
    blocks: [...titleOf(body), section(text), ...note, ...rest, ...sharing(body, key)],
  };
}

/** Long words in several texts, each of whole lines. */
function renderText(body: Answer, text: string, key: string): SlackMessage {
  const parts: string[] = [];
  for (let rest = text.split('\n'); rest.length > 0 && parts.length < 3; ) {
    const { lines } = clipLines(rest, 2500);
    rest = rest.slice(lines.length);
    parts.push(plain(lines.join('\n'), longestText));
  }
  const shown = parts.filter((part) => part.trim() !== '');
  const sections = (shown.length > 0 ? shown : ['(nothing)']).map(section);
  return {
    text: clip(plain(body.title ?? text, 300) || 'Reign', 300),
    blocks: [...titleOf(body), ...sections, ...sharing(body, key)],
  };
}

function titleOf({ title }: Answer): Block[] {
  return title ? [section(`*${plain(title, 300)}*`)] : [];
}

/** Under what one person sees alone: that it is so, and a way to show it to the others. */
function sharing(body: Answer, key: string): Block[] {
  if (!body.private || key === '') return [];
  return [context('Only you see this.'), ...actions(button('Share', { do: 'share', key }))];
}

function contentText(content: Rendered): { text: string; left: number } {
  switch (content.kind) {
    case 'text':
      return { text: plain(content.text, longestText) || '(nothing)', left: 0 };
    case 'table':
      return fence(tableLines(content.columns, content.rows), longestText);
    case 'lines':
      return fence(content.lines.length > 0 ? content.lines : ['(nothing)'], longestText);
    default:
      return content satisfies never;
  }
}

/** The whole of an answer, for a file beside a message that is too short for it; undefined when it fits. */
export function longContent(body: ChatBody): string | undefined {
  if (body.kind !== 'answer') return undefined;
  if (
    contentText(body.content).left === 0 &&
    !(body.content.kind === 'text' && body.content.text.length > longestText)
  )
    return undefined;
  const { content } = body;
  if (content.kind === 'text') return content.text;
  return (content.kind === 'lines' ? content.lines : tableLines(content.columns, content.rows)).join('\n');
}

function renderQuestion(body: ChatBody & { kind: 'question' }): SlackMessage {
  const text = plain(body.text, 2000);
  const about = `${text}\n_for ${plain(body.to, 100)}_`;
  if (body.answered !== undefined) return words(`${about}: *${plain(body.answered, 300)}*`);
  const options = body.options
    .slice(0, mostOptions)
    .map(({ label }, option) => button(clip(label, 75), { do: 'answer', question: body.questionId, option }));
  const rest = body.options
    .slice(mostOptions)
    .map(({ label }, index) => `${mostOptions + index + 1}. ${label}`);
  const more: Block[] = rest.length > 0 ? [section(fence(rest, longestText).text)] : [];
  return { text, blocks: [section(about), ...more, ...actions(...options)] };
}
