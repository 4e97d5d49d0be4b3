import { loadLibrary } from './library.ts';

/** Reads quantities as Kubernetes writes them ("250m", "64Mi"), by the official client. */
export type Quantities = {
  /** Whole thousandths of a processor. */
  millicores(text: string | undefined): number;
  mebibytes(text: string | undefined): number;
};

export async function loadQuantities(): Promise<Quantities> {
  const { quantityToScalar } = await loadLibrary();
  const scalar = (text: string | undefined) => (text === undefined ? 0 : Number(quantityToScalar(text)));
  return {
    millicores: (text) => Math.round(scalar(text) * 1000),
    mebibytes: (text) => Math.round(scalar(text) / 1024 / 1024),
  };
}

/** "42%", or nothing where there is nothing to compare with. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.round((part / whole) * 100)}%`;
}
