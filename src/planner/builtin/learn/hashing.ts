/** 32-bit FNV-1a of a text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}

/** Joins two hashes; the order matters. */
export function mix(left: number, right: number): number {
  let mixed = Math.imul(left ^ (right + 0x9e3779b9 + (left << 6)), 0x85ebca6b);
  mixed ^= mixed >>> 13;
  return Math.imul(mixed, 0xc2b2ae35) | 0;
}

/** Numbers features (hashes) from 0; while learning it grows, afterwards unknown ones are left out. */
export type FeatureIndex = {
  lookup(features: readonly number[]): Int32Array;
  close(): void;
  readonly size: number;
};

export function createFeatureIndex(): FeatureIndex {
  let keys = new Int32Array(1 << 16);
  let numbers = new Int32Array(1 << 16).fill(-1);
  let size = 0;
  let open = true;
  const placeOf = (key: number): number => {
    let place = (key ^ (key >>> 15)) & (keys.length - 1);
    while (numbers[place] !== -1 && keys[place] !== key) place = (place + 1) & (keys.length - 1);
    return place;
  };
  const grow = (): void => {
    const [oldKeys, oldNumbers] = [keys, numbers];
    keys = new Int32Array(oldKeys.length * 2);
    numbers = new Int32Array(oldKeys.length * 2).fill(-1);
    for (let at = 0; at < oldKeys.length; at += 1) {
      if (oldNumbers[at] === -1) continue;
      const place = placeOf(oldKeys[at] as number);
      keys[place] = oldKeys[at] as number;
      numbers[place] = oldNumbers[at] as number;
    }
  };
  const add = (key: number, place: number): number => {
    keys[place] = key;
    numbers[place] = size;
    size += 1;
    if (size * 2 > keys.length) grow();
    return size - 1;
  };
  return {
    get size() {
      return size;
    },
    close() {
      open = false;
    },
    lookup(features) {
      const found = new Int32Array(features.length);
      let count = 0;
      for (const feature of features) {
        const place = placeOf(feature);
        let number = numbers[place] as number;
        if (number === -1 && open) number = add(feature, place);
        if (number !== -1) found[count++] = number;
      }
      return found.subarray(0, count);
    },
  };
}
