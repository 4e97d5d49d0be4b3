import { useCallback, useEffect, useRef, useState } from 'react';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { faultFrom } from '../api.ts';

export type Loaded<Data> = { data: Data | undefined; fault: Fault | undefined; again(): Promise<void> };

/**
 * What `load` brings, fetched anew whenever `load` is another function or `changes` has grown. The last answer stays in
 * sight until the next is there, and an answer that was overtaken is dropped.
 */
export function useLoaded<Data>(load: () => Promise<Data>, changes = 0): Loaded<Data> {
  const [data, setData] = useState<Data>();
  const [fault, setFault] = useState<Fault>();
  const asked = useRef(0);
  const again = useCallback(async () => {
    asked.current += 1;
    const number = asked.current;
    try {
      const found = await load();
      if (asked.current !== number) return;
      setData(found);
      setFault(undefined);
    } catch (error) {
      if (asked.current === number) setFault(faultFrom(error));
    }
  }, [load]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has changed on the server is the reason to fetch again
  useEffect(() => {
    void again();
  }, [again, changes]);
  return { data, fault, again };
}
