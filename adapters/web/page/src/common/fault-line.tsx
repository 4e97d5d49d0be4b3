import type { Fault } from '../../../../../src/domain/fault.ts';

/** A refusal or failure, shown where the person acted. */
export function FaultLine({ fault }: { fault: Fault | undefined }) {
  if (!fault) return null;
  return (
    <p className="fault" role="alert" data-testid="fault" data-code={fault.code}>
      {fault.message}
    </p>
  );
}
