import type { Helm } from './run-helm.ts';

/** The major version of the helm program. */
export async function helmMajor(helm: Pick<Helm, 'run'>): Promise<number> {
  const version = await helm.run(['version', '--template', '{{.Version}}']);
  return Number(/v?(\d+)\./.exec(version)?.[1] ?? 3);
}

/** How objects are sent: helm 4 takes it from the release or asks; helm 3 knows one way only. */
export async function serverSideArguments(helm: Pick<Helm, 'run'>, serverSide: boolean): Promise<string[]> {
  return (await helmMajor(helm)) >= 4 ? [`--server-side=${serverSide}`] : [];
}
