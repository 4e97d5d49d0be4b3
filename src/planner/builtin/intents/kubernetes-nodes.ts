import { z } from 'zod';
import { learnable } from '../learn/annotated.ts';
import type { IntentSource } from '../types.ts';
import { text } from './fields.ts';

const node = z.object({ name: text });

export const kubernetesNodes: readonly IntentSource[] = [
  learnable('kubernetes.drain', 'drain a node', 'update', node, [
    'drain {name:<node-1|worker-2|ip-10-0-1-2.ec2.internal|gke-pool-1-abc>}',
    'drain <the |>node {name:<node-a|aks-pool-000001|rack2-11>} <please||for maintenance>',
    'kubectl drain {name:<worker-1|node-x>} <--ignore-daemonsets|--ignore-daemonsets --delete-emptydir-data>',
    '<evict|move> <all pods|everything|all workloads> <from|off|away from> <node |>{name:<worker-5|ip-172-31-4-5.compute.internal|k3s-02>}',
    'empty <the |>node {name:<gpu-1|storage-03>}, <we need to reboot it|it is being replaced>',
    'safely drain {name:<node-12|pool-a-9>}',
    '{name:<worker-3|ip-10-9-8-7>} needs maintenance, drain it',
    '{name:<node-7|bm-02>} has bad memory, please drain <it|the node>',
    'drian node {name:<w1|node-3.lan>}',
    'can you drain {name:<infra-node-2|spot-17>} so that we can patch it?',
    'get <the |all >workloads off node {name:<np-4|arm-01>}',
    'prepare node {name:<host-4|metal-6>} for maintenance by draining it',
    'take all pods off of {name:<worker-8.corp.lan|n2>} and drain it',
    'evacuate <node |>{name:<worker-17|rack3-2>}, <it is dying|we replace it>',
    'clear out node {name:<eks-1|ip-10-2-2-2>}',
  ]),
  learnable('kubernetes.cordon', 'cordon a node', 'update', node, [
    'cordon {name:<node-1|worker-2|ip-10-0-1-2.ec2.internal|gke-pool-1-abc>}',
    'cordon <the |off |>node {name:<node-a|aks-pool-000001|rack2-11>} <please||for now>',
    'kubectl cordon {name:<worker-9|node-x>}',
    'mark <node |the node |>{name:<worker-5|gpu-3|k3s-02>} <as |>unschedulable',
    'stop scheduling <pods |new pods |anything |>on <node |>{name:<bm-1|worker-4|ip-10-3-3-3|np-2>}',
    'make {name:<storage-1|pool-c-3>} unschedulable',
    "don't schedule anything <new |>on {name:<worker-6|arm-02>}",
    'no more <new |>pods on {name:<node-9|spot-3>} please',
    '{name:<worker-1|host-2>} looks flaky, cordon it <please|for now>',
    'disable scheduling on node {name:<n4|metal-3>}',
    'keep new pods away from {name:<worker-11|node-b>}',
    'corodn {name:<w7|node-z>}',
    'can you set node {name:<eks-5|ip-10-8-1-4>} to unschedulable',
    'nothing <new |>should <run|land|be scheduled> on {name:<worker-21|np-7>}, cordon <it|that node>',
    'block scheduling to {name:<gke-2|pool-x-1>}',
  ]),
  learnable('kubernetes.uncordon', 'uncordon a node', 'update', node, [
    'uncordon {name:<node-1|worker-2|ip-10-0-1-2.ec2.internal|gke-pool-1-abc>}',
    'uncordon <the |>node {name:<node-a|aks-pool-000001|rack2-11>} <please||again>',
    'kubectl uncordon {name:<worker-9|node-x>}',
    'mark <node |the node |>{name:<worker-5|gpu-3|k3s-02>} <as |>schedulable <again||again>',
    'make {name:<bm-1|worker-4|np-2>} schedulable again',
    'allow <pods|scheduling|new pods> on <node |>{name:<storage-1|pool-c-3|worker-6>} again',
    '{name:<node-7|host-2>} is <back|healthy again|repaired>, uncordon it <please|>',
    'put node {name:<metal-3|n4>} back into <rotation|service|the pool>',
    'maintenance on {name:<worker-11|node-b>} is done, <uncordon it|you can uncordon it>',
    're-enable scheduling on {name:<w7|eks-5>}',
    'let pods run on {name:<ip-10-8-1-4|spot-2>} again',
    'uncorodn {name:<node-z|pool-9>}',
    'remove the cordon from {name:<gke-2|worker-13>}',
    'bring {name:<arm-1|node-c>} back, it can take pods again',
  ]),
];
