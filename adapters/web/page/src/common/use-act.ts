import { useCallback, useState } from 'react';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { faultFrom } from '../api.ts';

export type Act = {
  busy: boolean;
  fault: Fault | undefined;
  /** Does the work unless some is under way; a failure stays in `fault` until the next try. */
  act(work: () => Promise<unknown>): Promise<boolean>;
};

/** What a button does, with its own refusal beside it. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const act = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true);
    setFault(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setFault(faultFrom(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, fault, act };
}
