import path from 'node:path';
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Block } from '../../adapters/slack/blocks.ts';
import { slackProblems } from '../../adapters/slack/limits.ts';
import { renderPost as renderSlack } from '../../adapters/slack/render.ts';
import type { Action, AdaptiveCard } from '../../adapters/teams/elements.ts';
import { teamsProblems } from '../../adapters/teams/limits.ts';
import { renderPost as renderTeams } from '../../adapters/teams/render.ts';
import { renderBody } from '../../adapters/terminal/index.ts';
import type { ChatBody } from '../../src/domain/chat.ts';
import { readAct } from '../../src/domain/chat-act.ts';

/** What a face makes of an entry: as it is sent, the words in it, the acts on it, and what its platform would refuse. */
export type Shown = { golden: string; words: string; acts: string[]; problems: string[] };
export type Face = { name: string; clickable: boolean; show(body: ChatBody): Shown };

const now = new Date('2026-11-22T12:01:30.000Z');
const planUrl = (id: string) => `https://reign.example/#/plan/${id}`;

const slack: Face = {
  name: 'slack',
  clickable: true,
  show(body) {
    const message = renderSlack({ key: 'k', body, planUrl }, now);
    const texts = message.blocks.flatMap(textsOf);
    const values = message.blocks.flatMap((block) =>
      block.type === 'actions' ? block.elements.map(({ value }) => value) : [],
    );
    return {
      golden: `${JSON.stringify(message, null, 2)}\n`,
      words: unescaped([message.text, ...texts].join('\n')),
      acts: values.flatMap((value) => actName(readAct(value))).sort(),
      problems: slackProblems(message),
    };
  },
};

const teams: Face = {
  name: 'teams',
  clickable: true,
  show(body) {
    const message = renderTeams({ key: 'k', body, planUrl }, now);
    return {
      golden: `${JSON.stringify(message, null, 2)}\n`,
      words: stringsOf(message.card, 'text').concat(stringsOf(message.card, 'title')).join('\n'),
      acts: actionsOf(message.card)
        .flatMap((action) =>
          action.type === 'Action.Execute' ? actName(readAct(JSON.stringify(action.data.act))) : [],
        )
        .sort(),
      problems: teamsProblems(message),
    };
  },
};

const terminal: Face = {
  name: 'terminal',
  clickable: false,
  show(body) {
    const text = renderBody(body);
    // Colours are ours; every other control character would be somebody else's.
    const plain = text.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
    const control = [...plain].filter((character) => character < ' ' && character !== '\n');
    return {
      golden: `${plain}\n`,
      words: plain,
      acts: [],
      problems: control.length > 0 ? ['a control character'] : [],
    };
  },
};

/** The web page's own components, drawn as a browser would. */
async function webFace(): Promise<Face> {
  const file = path.resolve(import.meta.dirname, '../../adapters/web/page/src/chat/entry.tsx');
  const { EntryView } = (await import(file)) as { EntryView: FunctionComponent<Record<string, unknown>> };
  return {
    name: 'web',
    clickable: true,
    show(body) {
      const entry = { key: 'k', seq: 1, at: '2026-11-22T12:00:00.000Z', body };
      const html = renderToStaticMarkup(
        createElement(EntryView, { entry, before: undefined, repeated: false }),
      );
      const acts = [...html.matchAll(/data-testid="(approve|reject|request-changes|undo|break-glass)"/g)].map(
        ([, act = '']) => act,
      );
      const options = [...html.matchAll(/data-testid="question-option"/g)].map(
        (_, index) => `answer:${index}`,
      );
      const problems = /<(script|img|iframe|a) /i.test(html.replaceAll('<img class', ''))
        ? ['markup of somebody else']
        : [];
      return {
        golden: `${html.replaceAll('><', '>\n<')}\n`,
        words: unescaped(html.replace(/<[^>]+>/g, '')),
        acts: [...acts, ...options].sort(),
        problems,
      };
    },
  };
}

export async function allFaces(): Promise<Face[]> {
  return [slack, teams, await webFace(), terminal];
}

/** Acts that decide something; looking at details, sharing and cancelling are each face's own way. */
function actName(act: ReturnType<typeof readAct>): string[] {
  if (act?.do === 'decide') return [act.verdict];
  if (act?.do === 'answer') return [`answer:${act.option}`];
  return act?.do === 'undo' ? ['undo'] : [];
}

function textsOf(block: Block): string[] {
  if (block.type === 'section' || block.type === 'header') return [block.text.text];
  if (block.type === 'context') return block.elements.map(({ text }) => text);
  return block.type === 'actions' ? block.elements.map(({ text }) => text.text) : [];
}

function actionsOf(card: AdaptiveCard): Action[] {
  return (card.actions ?? []).flatMap((action) =>
    action.type === 'Action.ShowCard' ? actionsOf(action.card) : [action],
  );
}

function stringsOf(value: unknown, field: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === field && typeof inner === 'string' ? [inner] : stringsOf(inner, field),
  );
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');
}
