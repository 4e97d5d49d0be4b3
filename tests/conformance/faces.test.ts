import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { filledWith, samples } from './bodies.ts';
import { allFaces } from './faces.ts';

// One meaning on every face (DESIGN §5): the same facts, the same acts, within what the platform takes.

const hostile = [
  '<!channel> <!here> <@U01ALICE> <http://evil.test|bank.test>',
  '```\nrm -rf /\n``` `code` *bold* _it_ ~no~',
  '[click](http://evil.test) **bold** <at>everyone</at>',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '\u001b[2J\u001b[1;31mred\u0007\r overwritten',
  'ثم \u202Eمرحبا\u202C 👩‍👩‍👧‍👦🏳️‍🌈 é',
  'x'.repeat(20_000),
  '&'.repeat(5_000),
  '👍🏽'.repeat(3_000),
  `${'word '.repeat(40)}\n`.repeat(200),
  ' ',
  '…',
];

// Some faces say how long ago something was.
vi.useFakeTimers({ now: new Date('2026-11-22T12:01:30.000Z'), toFake: ['Date'] });
afterAll(() => vi.useRealTimers());

for (const face of await allFaces()) {
  describe(face.name, () => {
    it.each(samples.map((sample) => [sample.name, sample] as const))('shows %s', async (name, sample) => {
      const shown = face.show(sample.body);
      expect(shown.problems).toEqual([]);
      const words = shown.words.replace(/\s+/g, ' ');
      for (const said of sample.says) expect(words).toContain(said);
      if (face.clickable && sample.acts !== 'any') expect(shown.acts).toEqual(sample.acts);
      await expect(shown.golden).toMatchFileSnapshot(`../golden/${face.name}/${name}.txt`);
    });

    it.each(hostile)('holds what others wrote: %j', (text) => {
      for (const body of filledWith(text)) {
        const { problems, golden } = face.show(body);
        expect(problems, `${body.kind}: ${golden.slice(0, 2000)}`).toEqual([]);
      }
    });

    it('stays within its platform whatever it is given', () => {
      const text = fc.string({ unit: 'grapheme', maxLength: 4000 });
      fc.assert(
        fc.property(text, (words) => {
          for (const body of filledWith(words || ' ')) expect(face.show(body).problems).toEqual([]);
        }),
        { numRuns: 15 },
      );
    });
  });
}

it('no face asks for an approval of writes that it does not show', async () => {
  const long = samples.find(({ name }) => name === 'plan-long');
  for (const face of await allFaces()) {
    if (long && face.clickable) expect(face.show(long.body).acts).not.toContain('approve');
  }
});
