import type { Person } from '../domain/person.ts';
import { actFrom } from './acts.ts';
import type { Engine } from './engine.ts';

/** What a person may do here, in words; somebody unknown is told what Reign is for. */
export function helpFor(engine: Engine, person: Person | undefined): string {
  if (!person) {
    return 'I carry out infrastructure work that people ask for in plain words: every change is previewed, approved and recorded. I do not know you yet; ask an admin to add you to reign.yaml.';
  }
  const lines = engine.catalogue.all
    .filter(({ examples }) => examples.length > 0)
    .filter((operation) => mayAsk(engine, person, operation))
    .map(({ id, summary, examples }) => `${id}: ${summary}, e.g. "${examples[0]?.request}"`);
  return [
    'Say what you want in plain words. Reads are answered at once; every change is shown first and asked for.',
    ...lines,
    'Also: status, plans, show, cancel, undo, audit, freeze, unfreeze. Decisions are made with buttons or commands (approve, reject), never by a sentence.',
  ].join('\n');
}

function mayAsk(engine: Engine, person: Person, operation: Engine['catalogue']['all'][number]): boolean {
  const places = engine.environments.map(({ name }) => ({ environment: name, place: name }));
  return [{}, ...places].some((place) => {
    const assessment = { effect: operation.effect, targets: [], objects: 1, reasons: [], ...place };
    return engine.policy.judge(actFrom(operation, assessment, engine.environments), [person]).kind !== 'deny';
  });
}
