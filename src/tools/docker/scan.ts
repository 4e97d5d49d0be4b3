import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openDocker, said } from './client.ts';
import { findings, type Scanner, scanners, severities } from './findings.ts';
import { findImage, imageProblem, imageReference } from './image.ts';
import { assessThing, daemonInput, locateDaemon, placeRequest, question } from './place.ts';
import { examples } from './scan.examples.ts';

const limits = { seconds: 600, memoryMb: 1024 };
const mostShown = 20;

const finding = z.object({
  id: z.string(),
  severity: z.enum(severities),
  component: z.string(),
  installed: z.string(),
  fixed: z.string(),
});

export const scan = defineOperation({
  ...readParts,
  id: 'docker.scan',
  version: 1,
  summary: 'Looks for known vulnerabilities in an image, with trivy or grype where one is installed.',
  request: z.strictObject({ image: z.string().optional(), ...placeRequest }),
  input: daemonInput.extend({ image: z.string(), id: z.string() }),
  output: z.object({
    scanner: z.string(),
    counts: z.record(z.enum(severities), z.number()),
    worst: z.array(finding),
  }),
  examples,
  connections: ['docker'],
  limits,
  async resolve({ image = '', environment }, reader) {
    const placed = await locateDaemon(environment, reader);
    if (placed.kind !== 'placed') return placed;
    if (image.trim() === '') return question('image', 'Which image shall be scanned?');
    const { at, docker } = placed;
    const reference = imageReference(image);
    if (reference === undefined) return { kind: 'impossible', reason: imageProblem(image) };
    const found = await findImage(docker, reference, at.environment);
    if (found !== undefined) return { kind: 'input', input: { ...at, image: reference, id: found.Id } };
    const listed = await said(docker.listImages(), at.environment);
    const names = listed.flatMap(({ RepoTags }) => RepoTags ?? []).slice(0, 15);
    const reason = `There is no image ${reference} in ${at.environment}. There are: ${names.join(', ') || 'none'}.`;
    return { kind: 'impossible', reason };
  },
  assess: (input) => assessThing(input, `image/${input.image}`, 'read', []),
  describe: ({ image, environment }) => ({
    title: `Scan image ${image} in ${environment} for known vulnerabilities`,
    byHand: `trivy image ${image}`,
  }),
  async execute({ connection, environment, image, id }, reader) {
    const scanner = await findScanner(reader);
    const docker = await openDocker(reader, connection);
    const archive = join(reader.workFolder, 'image.tar');
    reader.report(`fetching ${image} from the engine`);
    await pipeline(await said(docker.getImage(id).get(), environment), createWriteStream(archive));
    reader.report(`${scanner.name} is looking into it`);
    const { args, env } = scanner.command(archive, reader.workFolder);
    const result = await runProgram(reader, scanner.name, args, env);
    if (result.exitCode !== 0) throw failed(scanner, result.stderr);
    const all = findings(scanner, result.stdout);
    const counts = severities.map((severity) => [
      severity,
      all.filter((it) => it.severity === severity).length,
    ]);
    return { scanner: scanner.name, counts: Object.fromEntries(counts), worst: all.slice(0, mostShown) };
  },
  render({ scanner, counts, worst }, { image }) {
    const total = severities.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
    if (total === 0) return { kind: 'text', text: `${scanner} knows no vulnerability of ${image}.` };
    const words = severities.filter((severity) => (counts[severity] ?? 0) > 0);
    const sums = words.map((severity) => `${counts[severity]} ${severity}`).join(', ');
    const rows = worst.map(({ severity, id, component, installed, fixed }) => [
      ...[severity, id, component, installed, fixed === '' ? 'none yet' : fixed],
    ]);
    const shown = total > worst.length ? ` The ${worst.length} weightiest are shown.` : '';
    const note = `${image}: ${sums} (${scanner}).${shown}`;
    return {
      kind: 'table',
      columns: ['Severity', 'Vulnerability', 'Component', 'Installed', 'Fixed in'],
      rows,
      note,
    };
  },
});

/** @throws FaultError `unsupported` that says what to install, where there is no scanner */
async function findScanner(reader: Reader): Promise<Scanner> {
  for (const scanner of scanners) {
    const { exitCode } = await runProgram(reader, scanner.name, ['--version'], {});
    if (exitCode === 0) return scanner;
  }
  const message =
    'Neither trivy nor grype is installed, so nothing was scanned. Install one in /usr/local/bin of the machine that Reign runs on, with its database below /usr/local/share.';
  throw new FaultError('unsupported', message);
}

async function runProgram(
  reader: Reader,
  name: string,
  args: readonly string[],
  env: { [name: string]: string },
) {
  if (reader.runProgram === undefined)
    throw new FaultError('unsupported', 'No sandbox runs programs here. See what `reign doctor` says.');
  const { memoryMb } = limits;
  return reader.runProgram(name, args, { limitSeconds: limits.seconds - 60, memoryMb, env });
}

function failed({ name, needs }: Scanner, stderr: string): FaultError {
  const last = stderr.trim().split('\n').slice(-3).join('\n');
  return new FaultError('unhealthy', `${name} did not come to an end: ${last}\n${needs}`);
}
