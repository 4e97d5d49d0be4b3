import { type Fault, fault, isFaultCode } from './fault.ts';

/** The fault that the broker answered with; undefined for any other answer. */
export function faultIn(body: string): Fault | undefined {
  try {
    const { fault: said } = JSON.parse(body) as { fault?: { code?: string; message?: string } };
    const code = said?.code ?? '';
    return isFaultCode(code) ? fault(code, said?.message ?? 'refused') : undefined;
  } catch {
    return undefined;
  }
}
