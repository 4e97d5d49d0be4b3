import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { assessContainer, containerInput, openContainer } from './container.ts';
import { locateContainer } from './locate.ts';
import { lastLines } from './log-lines.ts';
import { examples } from './logs.examples.ts';

const usualLines = 50;
const mostLines = 500;

export const logs = defineOperation({
  ...readParts,
  id: 'docker.logs',
  version: 1,
  summary: 'Shows the last log lines of a container.',
  request: z.strictObject({ name: z.string().optional(), lines: z.number().optional() }),
  input: containerInput.extend({ lines: z.number().int().min(1).max(mostLines) }),
  output: z.object({ lines: z.array(z.string()) }),
  examples,
  connections: ['docker'],
  sensitive: true,
  async resolve(request, reader) {
    const located = await locateContainer(request, reader, 'see logs of');
    if (located.kind !== 'input') return located;
    const lines = Math.min(mostLines, Math.max(1, Math.round(request.lines ?? usualLines)));
    return { kind: 'input', input: { ...located.input, lines } };
  },
  assess: (input) => assessContainer(input, 'read', []),
  describe: ({ name, environment, lines }) => ({
    title: `Show logs of container ${name} in ${environment}`,
    byHand: `docker logs --tail ${lines} ${name}`,
  }),
  async execute(input, reader) {
    const { container } = await openContainer(reader, input);
    return { lines: await lastLines(container, input.lines, input.environment) };
  },
  render: ({ lines }, { name }) =>
    lines.length === 0 ? { kind: 'text', text: `The log of ${name} is empty.` } : { kind: 'lines', lines },
});
