import type { Json } from '../../domain/json.ts';
import type { QuestionOption } from '../../domain/operation.ts';
import type { Unlocated } from '../../github/repository.ts';

/** A question whose options each fill one field; ten at most. */
export function ask(
  text: string,
  field: string,
  choices: readonly { label: string; value: Json }[],
): Unlocated {
  const options = choices
    .slice(0, 10)
    .map(({ label, value }): QuestionOption => ({ label, patch: { [field]: value } }));
  return { kind: 'question', question: { text, field, options } };
}

export function askName(text: string, field: string, names: readonly string[]): Unlocated {
  return ask(
    text,
    field,
    names.map((name) => ({ label: name, value: name })),
  );
}
