import type { Tool } from '../../domain/operation.ts';
import { apply } from './apply.ts';
import { autoscale } from './autoscale.ts';
import { canI } from './can_i.ts';
import { compare } from './compare.ts';
import { cordon } from './cordon.ts';
import { createJob } from './create_job.ts';
import { createNamespace } from './create_namespace.ts';
import { deleteObject } from './delete.ts';
import { describe } from './describe.ts';
import { drain } from './drain.ts';
import { events } from './events.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { patch } from './patch.ts';
import { portCheck } from './port_check.ts';
import { quota } from './quota.ts';
import { restart } from './restart.ts';
import { rollback } from './rollback.ts';
import { rolloutStatus } from './rollout_status.ts';
import { runJob } from './run_job.ts';
import { scale } from './scale.ts';
import { scaleBy } from './scale_by.ts';
import { setImage } from './set_image.ts';
import { setSecret } from './set_secret.ts';
import { top } from './top.ts';
import { uncordon } from './uncordon.ts';
import { wait } from './wait.ts';
import { whoCan } from './who_can.ts';

export { warmUp } from './library.ts';

/** Workloads and what else runs in a Kubernetes cluster. */
export const kubernetes: Tool = {
  name: 'kubernetes',
  summary: 'Looks at and changes what runs in a Kubernetes cluster.',
  operations: [
    list,
    describe,
    get,
    top,
    logs,
    events,
    compare,
    scale,
    scaleBy,
    autoscale,
    restart,
    rollback,
    rolloutStatus,
    setImage,
    cordon,
    uncordon,
    drain,
    createNamespace,
    deleteObject,
    apply,
    patch,
    wait,
    portCheck,
    quota,
    canI,
    whoCan,
    setSecret,
    createJob,
    runJob,
  ],
};
