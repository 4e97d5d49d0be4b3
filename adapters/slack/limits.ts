import type { Block, SlackMessage, Text } from './blocks.ts';

const most = {
  blocks: 50,
  text: 3000,
  message: 12_000,
  button: 75,
  value: 2000,
  elements: 25,
  contexts: 10,
  header: 150,
};

/** What Slack would refuse in a message, in words; empty when nothing. `blocks` may be 100 in a modal or the Home. */
export function slackProblems({ text, blocks }: SlackMessage, mostBlocks = most.blocks): string[] {
  const problems: string[] = [];
  const say = (holds: boolean, what: string) => {
    if (!holds) problems.push(what);
  };
  say(text.length > 0, 'the message has no text for notifications');
  say(text.length <= most.message, `the text has ${text.length} characters`);
  say(blocks.length <= mostBlocks, `${blocks.length} blocks`);
  const all = blocks.flatMap(textsOf);
  const total = all.reduce((sum, each) => sum + each.text.length, 0);
  if (mostBlocks === most.blocks) say(total <= most.message, `${total} characters in all`);
  for (const each of all) {
    say(each.text.length > 0, 'an empty text');
    say(each.text.length <= most.text, `a text of ${each.text.length} characters`);
    say(each.text.isWellFormed(), 'half a character');
    if (each.type === 'plain_text') continue;
    say((each.text.split('```').length - 1) % 2 === 0, 'a code fence that is not closed');
    say(!/<!(channel|here|everyone)/.test(each.text), 'a mention of everybody');
  }
  for (const block of blocks) problems.push(...blockProblems(block));
  return problems;
}

function blockProblems(block: Block): string[] {
  const problems: string[] = [];
  if (block.type === 'header' && block.text.text.length > most.header)
    problems.push('a header that is too long');
  if (block.type === 'context' && block.elements.length > most.contexts)
    problems.push('too many context elements');
  if (block.type !== 'actions') return problems;
  if (block.elements.length > most.elements) problems.push('too many buttons');
  const ids = block.elements.map(({ action_id }) => action_id);
  if (new Set(ids).size < ids.length) problems.push('two buttons of one action_id');
  for (const { text, value = '', action_id } of block.elements) {
    if (text.text.length > most.button) problems.push(`a button of ${text.text.length} characters`);
    if (value.length > most.value) problems.push(`a button value of ${value.length} characters`);
    if (action_id.length > 255) problems.push('an action_id that is too long');
  }
  return problems;
}

function textsOf(block: Block): Text[] {
  switch (block.type) {
    case 'section':
    case 'header':
      return [block.text];
    case 'context':
      return block.elements;
    case 'actions':
      return block.elements.map(({ text }) => text);
    case 'input':
      return [block.label];
    case 'divider':
      return [];
    default:
      return block satisfies never;
  }
}
