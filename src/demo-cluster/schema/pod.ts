import {
  anything,
  conditions,
  flag,
  integer,
  intOrString,
  keyed,
  kindOf,
  list,
  map,
  object,
  objectMeta,
  text,
  textList,
  textMap,
} from './schema.ts';

const keySelector = object({ name: text, key: text, optional: flag }, { atomic: true });

const environment = object({
  name: text,
  value: text,
  valueFrom: object({
    configMapKeyRef: keySelector,
    secretKeyRef: keySelector,
    fieldRef: object({ apiVersion: text, fieldPath: text }, { atomic: true }),
    resourceFieldRef: object({ containerName: text, resource: text, divisor: intOrString }, { atomic: true }),
  }),
});

const probe = object({
  exec: object({ command: textList }),
  httpGet: object({
    path: text,
    port: intOrString,
    host: text,
    scheme: text,
    httpHeaders: list(object({ name: text, value: text })),
  }),
  tcpSocket: object({ port: intOrString, host: text }),
  grpc: object({ port: integer, service: text }),
  initialDelaySeconds: integer,
  timeoutSeconds: integer,
  periodSeconds: integer,
  successThreshold: integer,
  failureThreshold: integer,
  terminationGracePeriodSeconds: integer,
});

const resources = object({
  limits: map(intOrString),
  requests: map(intOrString),
  claims: keyed(object({ name: text, request: text }), ['name']),
});

export const container = object({
  name: text,
  image: text,
  command: textList,
  args: textList,
  workingDir: text,
  ports: keyed(
    object({ name: text, hostPort: integer, containerPort: integer, protocol: text, hostIP: text }),
    ['containerPort', 'protocol'],
    'containerPort',
  ),
  envFrom: list(
    object({
      prefix: text,
      configMapRef: object({ name: text, optional: flag }),
      secretRef: object({ name: text, optional: flag }),
    }),
  ),
  env: keyed(environment, ['name']),
  resources,
  resizePolicy: list(anything),
  restartPolicy: text,
  volumeMounts: keyed(
    object({
      name: text,
      readOnly: flag,
      recursiveReadOnly: text,
      mountPath: text,
      subPath: text,
      subPathExpr: text,
      mountPropagation: text,
    }),
    ['mountPath'],
  ),
  volumeDevices: keyed(object({ name: text, devicePath: text }), ['devicePath']),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: object({}, { open: true }),
  terminationMessagePath: text,
  terminationMessagePolicy: text,
  imagePullPolicy: text,
  securityContext: object({}, { open: true }),
  stdin: flag,
  stdinOnce: flag,
  tty: flag,
});

const toleration = object({
  key: text,
  operator: text,
  value: text,
  effect: text,
  tolerationSeconds: integer,
});

export const podSpec = object({
  volumes: keyed(object({ name: text }, { open: true }), ['name']),
  initContainers: keyed(container, ['name']),
  containers: keyed(container, ['name']),
  ephemeralContainers: keyed(object({ name: text }, { open: true }), ['name']),
  restartPolicy: text,
  terminationGracePeriodSeconds: integer,
  activeDeadlineSeconds: integer,
  dnsPolicy: text,
  nodeSelector: { ...map(text), atomic: true },
  serviceAccountName: text,
  serviceAccount: text,
  automountServiceAccountToken: flag,
  nodeName: text,
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  shareProcessNamespace: flag,
  securityContext: object({}, { open: true }),
  imagePullSecrets: keyed(object({ name: text }), ['name']),
  hostname: text,
  subdomain: text,
  affinity: object({}, { open: true }),
  schedulerName: text,
  tolerations: list(toleration),
  hostAliases: keyed(object({ ip: text, hostnames: textList }), ['ip']),
  priorityClassName: text,
  priority: integer,
  dnsConfig: object({}, { open: true }),
  readinessGates: list(anything),
  runtimeClassName: text,
  enableServiceLinks: flag,
  preemptionPolicy: text,
  overhead: map(intOrString),
  topologySpreadConstraints: keyed(
    object({ topologyKey: text, whenUnsatisfiable: text }, { open: true }),
    ['topologyKey', 'whenUnsatisfiable'],
    'topologyKey',
  ),
  setHostnameAsFQDN: flag,
  os: object({ name: text }),
  schedulingGates: keyed(object({ name: text }), ['name']),
  resourceClaims: keyed(object({ name: text }, { open: true }), ['name']),
  resources,
});

export const podTemplate = object({ metadata: objectMeta, spec: podSpec });

const address = keyed(object({ ip: text }), ['ip']);

export const podSchema = kindOf({
  spec: podSpec,
  status: object(
    {
      phase: text,
      conditions,
      containerStatuses: list(anything),
      hostIP: text,
      hostIPs: list(object({ ip: text })),
      podIP: text,
      podIPs: address,
      startTime: text,
      qosClass: text,
      reason: text,
      message: text,
    },
    { open: true },
  ),
});

export const serviceAccountSchema = kindOf({
  secrets: keyed(object({ name: text }, { open: true }), ['name']),
  imagePullSecrets: list(object({ name: text })),
  automountServiceAccountToken: flag,
});

export const configMapSchema = kindOf({ data: textMap, binaryData: textMap, immutable: flag });
export const secretSchema = kindOf({
  data: textMap,
  stringData: textMap,
  type: text,
  immutable: flag,
});
