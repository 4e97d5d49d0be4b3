import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, escapeText, fence, link, plain, unescapeText } from './mrkdwn.ts';

describe('text of others', () => {
  it('mentions nobody and links nowhere', () => {
    expect(escapeText('<!channel> <@U1> <http://evil.test|bank> & co')).toBe(
      '&lt;!channel&gt; &lt;@U1&gt; &lt;http://evil.test|bank&gt; &amp; co',
    );
    expect(code('a`b`\nc')).toBe('`aˋbˋ c`');
    expect(link('https://reign.test/#/plan/p-1>|x', 'p-1|<b>')).toBe(
      '<https://reign.test/#/plan/p-1%3E%7Cx|p-1|&lt;b&gt;>',
    );
  });

  it('is cut at no entity, and its fences are closed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 10, max: 60 }), (text, most) => {
        const cut = plain(`${text}<&>${text}`, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut).not.toMatch(/&(?!(amp|lt|gt);)/);
        const { text: fenced } = fence(text.split('a'), most);
        expect(fenced.split('```')).toHaveLength(3);
      }),
    );
  });
});

describe('what a person typed', () => {
  it.each([
    ['<@U0BOT> scale checkout to 6', 'scale checkout to 6'],
    ['<@U0BOT|reign> check <http://web.example.com|web.example.com>', 'check web.example.com'],
    ['open <https://example.com/a?b=c&amp;d>', 'open https://example.com/a?b=c&d'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['ask <@U02BOB> in <#C01|ops>', 'ask @U02BOB in #ops'],
    ['<!subteam^S01|@oncall> look', '@oncall look'],
    ['see <https://evil.test|https://bank.test>', 'see https://evil.test'],
  ])('%s', (wire, text) => {
    expect(unescapeText(wire, 'U0BOT')).toBe(text);
  });
});
