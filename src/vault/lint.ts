import { FaultError } from '../domain/fault.ts';
import type { Found } from './spans.ts';

type Lint = (content: string) => Promise<readonly { ruleId: string; range: readonly number[] }[]>;

let loaded: Promise<Lint> | undefined;

/**
 * What secretlint's recommended rules find in each text. All texts are checked in one go; secretlint is loaded at the
 * first call (about 40 ms). Throws FaultError `internal` when it does not work: unchecked text must not go out.
 */
export async function findSecrets(texts: readonly string[]): Promise<Found[][]> {
  const found: Found[][] = texts.map(() => []);
  if (texts.every((text) => text.length < shortestSecret)) return found;
  const messages = await lint(texts.join('\n'));
  let start = 0;
  texts.forEach((text, at) => {
    for (const { ruleId, range } of messages) {
      const from = Math.max(0, (range[0] ?? 0) - start);
      const to = Math.min(text.length, (range[1] ?? 0) - start);
      if (from < to) found[at]?.push({ from, to, rule: ruleId.replace(/^.*secretlint-rule-/, '') });
    }
    start += text.length + 1;
  });
  return found;
}

/** No rule of the preset matches less. */
const shortestSecret = 8;

async function lint(content: string): ReturnType<Lint> {
  try {
    loaded ??= load();
    return await (await loaded)(content);
  } catch (error) {
    loaded = undefined;
    throw new FaultError(
      'internal',
      `Secrets cannot be looked for: ${String(error)}. Run \`reign doctor\`.`,
      {
        cause: error,
      },
    );
  }
}

async function load(): Promise<Lint> {
  const [{ lintSource }, { secretLintProfiler }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/profiler'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  // It keeps each of its marks for ever and looks through all of them at the next one. The version with a switch for
  // that, 13, wants Node 22: https://github.com/secretlint/secretlint/issues/1633
  secretLintProfiler.mark = () => {};
  const config = {
    rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }],
  };
  return async (content) => {
    const source = { filePath: '/text.txt', content, contentType: 'text' } as const;
    const result = await lintSource({ source, options: { config, noPhysicFilePath: true } });
    return result.messages;
  };
}
