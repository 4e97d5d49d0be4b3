import { type SystemCalls, socketFamilies, systemCalls } from './system-call-table.ts';

const loadWord = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAtLeast = 0x35;
const jumpIfBit = 0x45;
const finish = 0x06;

const allow = 0x7fff_0000;
const errno = 0x0005_0000;
const notPermitted = errno | 1;
const noSuchCall = errno | 38;
const noSuchFamily = errno | 97;

/** Offsets in the kernel's seccomp_data: the call's number, the machine, the low half of the first argument. */
const numberAt = 0;
const machineAt = 4;
const firstArgumentAt = 16;

/** Every CLONE_NEW* flag of clone: new namespaces would give capabilities over a copy of the kernel's doors. */
const namespaceFlags = 0x7e02_0000;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/**
 * A seccomp filter as bubblewrap reads it: a step cannot make namespaces, mount, trace, load code into the kernel, or
 * open sockets of families that no network namespace bounds. Undefined for machines without a table.
 */
export function systemCallFilter(architecture: string): Buffer | undefined {
  const table = systemCalls[architecture];
  if (table === undefined) return undefined;
  const program = assemble(table);
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}

function assemble(table: SystemCalls): Instruction[] {
  const when = (number: number, answer: number): Instruction[] => [
    [jumpIfEqual, 0, 1, number],
    [finish, 0, 0, answer],
  ];
  return [
    [loadWord, 0, 0, machineAt],
    [jumpIfEqual, 1, 0, table.machine],
    [finish, 0, 0, noSuchCall],
    [loadWord, 0, 0, numberAt],
    ...(table.otherCallsFrom === undefined ? [] : refuseFrom(table.otherCallsFrom)),
    ...table.refused.flatMap((number) => when(number, notPermitted)),
    ...when(table.clone3, noSuchCall),
    ...onlyWithFirstArgument(table.clone, [
      [jumpIfBit, 0, 1, namespaceFlags],
      [finish, 0, 0, notPermitted],
      [finish, 0, 0, allow],
    ]),
    ...onlyWithFirstArgument(table.socket, [
      ...socketFamilies.flatMap((family) => when(family, allow)),
      [finish, 0, 0, noSuchFamily],
    ]),
    [finish, 0, 0, allow],
  ];
}

function refuseFrom(number: number): Instruction[] {
  return [
    [jumpIfAtLeast, 0, 1, number],
    [finish, 0, 0, noSuchCall],
  ];
}

function onlyWithFirstArgument(number: number, body: readonly Instruction[]): Instruction[] {
  return [[jumpIfEqual, 0, body.length + 1, number], [loadWord, 0, 0, firstArgumentAt], ...body];
}
