import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Assessment, type Effect, gradeRisk, higher, type RiskLevel, type RiskRaise } from './risk.ts';

const levels: readonly RiskLevel[] = ['none', 'low', 'medium', 'high', 'critical'];
const writes: readonly Effect[] = ['create', 'update', 'delete', 'run-code'];
const level = fc.constantFrom(...levels);
const raises: fc.Arbitrary<RiskRaise[]> = fc.array(fc.record({ level, reason: fc.string() }), {
  maxLength: 5,
});
const tier = fc.constantFrom('production' as const, 'nonproduction' as const);

function assessment(effects: readonly Effect[]): fc.Arbitrary<Assessment> {
  return fc.record({
    effect: fc.constantFrom(...effects),
    targets: fc.array(fc.string()),
    objects: fc.integer({ min: 0, max: 1000 }),
    reasons: fc.array(fc.string()),
  });
}

test('no write is ever graded like a read', () => {
  fc.assert(
    fc.property(assessment(writes), tier, raises, (what, where, raised) => {
      const risk = gradeRisk(what, where, raised);
      expect(risk.effect).not.toBe('read');
      expect(risk.level).not.toBe('none');
    }),
  );
});

test('the previewed state raises a level and never lowers it', () => {
  fc.assert(
    fc.property(assessment(['read', ...writes]), tier, raises, raises, (what, where, some, more) => {
      const floor = gradeRisk(what, where).level;
      const raised = gradeRisk(what, where, some).level;
      const further = gradeRisk(what, where, [...some, ...more]).level;
      expect(higher(floor, raised)).toBe(raised);
      expect(higher(raised, further)).toBe(further);
      for (const { level } of some) expect(higher(level, raised)).toBe(raised);
    }),
  );
});

test('production is never less than elsewhere, and more objects never less than fewer', () => {
  fc.assert(
    fc.property(
      assessment(['read', ...writes]),
      raises,
      fc.integer({ min: 0, max: 9 }),
      (what, raised, more) => {
        const there = gradeRisk(what, 'nonproduction', raised).level;
        expect(higher(there, gradeRisk(what, 'production', raised).level)).toBe(
          gradeRisk(what, 'production', raised).level,
        );
        const larger = gradeRisk({ ...what, objects: what.objects + more }, 'nonproduction', raised).level;
        expect(higher(there, larger)).toBe(larger);
      },
    ),
  );
});

test('every reason is kept, those of the previewed state first', () => {
  const what: Assessment = { effect: 'update', targets: [], objects: 1, reasons: ['changes the capacity'] };
  const risk = gradeRisk(what, 'production', [{ level: 'high', reason: 'stops the service' }]);
  expect(risk).toMatchObject({ level: 'high', reasons: ['stops the service', 'changes the capacity'] });
});
