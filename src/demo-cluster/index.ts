/**
 * The demo cluster: a Kubernetes API in memory, kept in a folder, for trying and testing. It imports nothing
 * of the rest of the project.
 */
export type { Timing } from './cluster.ts';
export { type KubeconfigCluster, writeDemoKubeconfig } from './kubeconfig.ts';
export { type DemoCluster, type DemoClusterOptions, startDemoCluster } from './start.ts';
