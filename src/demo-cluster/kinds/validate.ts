import type { Cause } from '../failure.ts';
import { equal, type JsonObject } from '../json.ts';
import { matchesSelector } from '../selector.ts';
import type {
  Container,
  Deployment,
  Job,
  KubeObject,
  LabelSelector,
  Pod,
  PodSpec,
  PodTemplate,
  Service,
} from '../types.ts';

/** A field that has a value it may not have. */
export function invalidValue(field: string, value: unknown, why: string): Cause {
  const shown = typeof value === 'string' ? `"${value}"` : JSON.stringify(value ?? null);
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${why}`, field };
}

export function requiredValue(field: string, why = ''): Cause {
  return { reason: 'FieldValueRequired', message: `Required value${why === '' ? '' : `: ${why}`}`, field };
}

function forbiddenValue(field: string, why: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field };
}

function unsupportedValue(field: string, value: unknown, supported: string[]): Cause {
  const list = supported.map((each) => `"${each}"`).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field,
  };
}

/** Deployments and ReplicaSets: replicas, selector and template. */
export function validateWorkload(object: KubeObject, live: KubeObject | undefined): Cause[] {
  const spec = (object as Deployment).spec as Deployment['spec'] | undefined;
  if (spec === undefined)
    return [requiredValue('spec.selector'), requiredValue('spec.template.spec.containers')];
  const causes: Cause[] = [];
  notNegative(causes, 'spec.replicas', spec.replicas);
  notNegative(causes, 'spec.minReadySeconds', spec.minReadySeconds);
  notNegative(causes, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  if (isEmpty(spec.selector)) causes.push(requiredValue('spec.selector'));
  else if (!matchesSelector(spec.selector, spec.template?.metadata?.labels)) {
    const labels = spec.template?.metadata?.labels ?? null;
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  validateTemplate(causes, spec.template);
  if (spec.template?.spec?.restartPolicy !== undefined && spec.template.spec.restartPolicy !== 'Always') {
    causes.push(
      unsupportedValue('spec.template.spec.restartPolicy', spec.template.spec.restartPolicy, ['Always']),
    );
  }
  if (live !== undefined && !equal((live as Deployment).spec.selector, spec.selector)) {
    causes.push(invalidValue('spec.selector', spec.selector, 'field is immutable'));
  }
  return causes;
}

/** Deployments: also the strategy. */
export function validateDeployment(object: KubeObject, live: KubeObject | undefined): Cause[] {
  const causes = validateWorkload(object, live);
  const strategy = (object as Deployment).spec?.strategy;
  if (strategy === undefined) return causes;
  if (strategy.type !== 'RollingUpdate' && strategy.type !== 'Recreate') {
    causes.push(unsupportedValue('spec.strategy.type', strategy.type, ['Recreate', 'RollingUpdate']));
  }
  if (strategy.type === 'Recreate' && strategy.rollingUpdate !== undefined) {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    causes.push(forbiddenValue('spec.strategy.rollingUpdate', why));
  }
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    const why = 'may not be 0 when `maxSurge` is 0';
    causes.push(invalidValue('spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable, why));
  }
  return causes;
}

export function validateCronJob(object: KubeObject): Cause[] {
  const spec = object.spec as { schedule?: string; jobTemplate?: { spec?: Job['spec'] } } | undefined;
  const causes: Cause[] = [];
  if (!spec?.schedule) causes.push(requiredValue('spec.schedule', ''));
  validateTemplate(causes, spec?.jobTemplate?.spec?.template);
  return causes;
}

export function validateJob(object: KubeObject, live: KubeObject | undefined): Cause[] {
  const spec = (object as Job).spec as Job['spec'] | undefined;
  const causes: Cause[] = [];
  notNegative(causes, 'spec.parallelism', spec?.parallelism);
  notNegative(causes, 'spec.completions', spec?.completions);
  notNegative(causes, 'spec.backoffLimit', spec?.backoffLimit);
  notNegative(causes, 'spec.activeDeadlineSeconds', spec?.activeDeadlineSeconds);
  validateTemplate(causes, spec?.template);
  const restartPolicy = spec?.template?.spec?.restartPolicy;
  if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure') {
    const why = 'valid values: "OnFailure", "Never"';
    causes.push(requiredValue('spec.template.spec.restartPolicy', why));
  }
  const before = (live as Job | undefined)?.spec.template;
  if (before !== undefined && !equal(before, spec?.template)) {
    causes.push(invalidValue('spec.template', spec?.template, 'field is immutable'));
  }
  return causes;
}

export function validatePod(object: KubeObject, live: KubeObject | undefined): Cause[] {
  const causes: Cause[] = [];
  const { spec } = object as Pod;
  validatePodSpec(causes, spec, 'spec');
  const before = (live as Pod | undefined)?.spec;
  if (before !== undefined && !equal(fixedPart(before), fixedPart(spec))) {
    const fields = '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`';
    const why = `pod updates may not change fields other than ${fields},\`spec.tolerations\` (only additions to existing tolerations)`;
    causes.push(forbiddenValue('spec', why));
  }
  return causes;
}

export function validateService(object: KubeObject, live: KubeObject | undefined): Cause[] {
  const { spec } = object as Service;
  const causes: Cause[] = [];
  const needsPorts = spec?.type !== 'ExternalName' && spec?.clusterIP !== 'None';
  if (needsPorts && (spec?.ports ?? []).length === 0) causes.push(requiredValue('spec.ports'));
  for (const [index, port] of (spec?.ports ?? []).entries()) {
    if (!(port.port >= 1 && port.port <= 65535)) {
      causes.push(
        invalidValue(`spec.ports[${index}].port`, port.port, 'must be between 1 and 65535, inclusive'),
      );
    }
  }
  const before = (live as Service | undefined)?.spec;
  if (
    before?.clusterIP !== undefined &&
    spec?.clusterIP !== before.clusterIP &&
    spec?.type !== 'ExternalName'
  ) {
    causes.push(invalidValue('spec.clusterIPs[0]', spec?.clusterIP, 'may not change once set'));
  }
  return causes;
}

/** ConfigMaps and Secrets marked immutable, and the type of a Secret. */
export function validateContent(object: KubeObject, live: KubeObject | undefined): Cause[] {
  if (live === undefined) return [];
  const causes: Cause[] = [];
  if (live.immutable === true && !equal([live.data, live.binaryData], [object.data, object.binaryData])) {
    causes.push(forbiddenValue('data', 'field is immutable when `immutable` is set'));
  }
  if (!equal(live.type, object.type)) causes.push(invalidValue('type', object.type, 'field is immutable'));
  return causes;
}

export function validateAutoscaler(object: KubeObject): Cause[] {
  const spec = (object.spec ?? {}) as {
    minReplicas?: number;
    maxReplicas?: number;
    scaleTargetRef?: JsonObject;
  };
  const causes: Cause[] = [];
  const max = spec.maxReplicas ?? 0;
  if (max < 1) causes.push(invalidValue('spec.maxReplicas', max, 'must be greater than 0'));
  if ((spec.minReplicas ?? 1) > max) {
    causes.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  }
  if (!spec.scaleTargetRef?.name) causes.push(requiredValue('spec.scaleTargetRef.name'));
  return causes;
}

export function notNegative(causes: Cause[], field: string, value: number | undefined): void {
  if (value !== undefined && value < 0) {
    causes.push(invalidValue(field, value, 'must be greater than or equal to 0'));
  }
}

function validateTemplate(causes: Cause[], template: PodTemplate | undefined): void {
  validatePodSpec(causes, template?.spec, 'spec.template.spec');
}

function validatePodSpec(causes: Cause[], spec: PodSpec | undefined, path: string): void {
  const containers = spec?.containers ?? [];
  if (containers.length === 0) causes.push(requiredValue(`${path}.containers`));
  validateContainers(causes, containers, `${path}.containers`);
  validateContainers(causes, spec?.initContainers ?? [], `${path}.initContainers`);
}

function validateContainers(causes: Cause[], containers: Container[], path: string): void {
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    if (!container.name) causes.push(requiredValue(`${at}.name`));
    else if (names.has(container.name)) {
      const message = `Duplicate value: "${container.name}"`;
      causes.push({ reason: 'FieldValueDuplicate', message, field: `${at}.name` });
    }
    names.add(container.name);
    if (!container.image) causes.push(requiredValue(`${at}.image`));
    else if (container.image.trim() !== container.image) {
      causes.push(
        invalidValue(`${at}.image`, container.image, 'must not have leading or trailing whitespace'),
      );
    }
    for (const [place, port] of (container.ports ?? []).entries()) {
      if (port.containerPort >= 1 && port.containerPort <= 65535) continue;
      const why = 'must be between 1 and 65535, inclusive';
      causes.push(invalidValue(`${at}.ports[${place}].containerPort`, port.containerPort, why));
    }
  }
}

function fixedPart(spec: Partial<PodSpec> | undefined): unknown {
  const withoutImage = ({ image: _image, ...container }: Container) => container;
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    nodeName: _node,
    ...rest
  } = spec ?? {};
  return {
    ...rest,
    containers: (spec?.containers ?? []).map(withoutImage),
    initContainers: (spec?.initContainers ?? []).map(withoutImage),
  };
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return true;
  return (
    Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
  );
}

function isZero(value: number | string | undefined): boolean {
  return value === 0 || value === '0' || value === '0%';
}
