{{/* The release's name, with the chart's where it does not say so. */}}
{{- define "reign.name" -}}
{{- if contains "reign" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-reign" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "reign.selector" -}}
app.kubernetes.io/name: reign
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "reign.labels" -}}
{{ include "reign.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "reign.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}{{ end }}
{{- end }}

{{- define "reign.publicUrl" -}}
{{- if .Values.ingress.enabled }}https://{{ .Values.ingress.host }}{{ end }}
{{- end }}

{{/* Something where config.redis names Sentinels or the nodes of a cluster: then only passwords are secret. */}}
{{- define "reign.manyRedis" -}}
{{- with .Values.config.redis }}{{ if or .sentinels .cluster }}yes{{ end }}{{ end }}
{{- end }}

{{/* One variable out of a Secret: (list VARIABLE reference). */}}
{{- define "reign.secretVariable" -}}
- name: {{ index . 0 }}
  valueFrom: { secretKeyRef: { name: {{ (index . 1).name }}, key: {{ (index . 1).key | quote }} } }
{{- end }}

{{- define "reign.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "reign.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Where a pod may run, and that copies keep apart. */}}
{{- define "reign.placement" -}}
{{- $place := index .root.Values .component -}}
topologySpreadConstraints:
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: { matchLabels: { {{- include "reign.selector" $ | replace "\n" ", " -}} } }
{{- end }}
{{- with $place.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $place.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $place.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What gateway, worker and the test's pod have alike: (dict "root" . "component" "worker"). */}}
{{- define "reign.env" -}}
{{- $secrets := .root.Values.secrets -}}
- { name: REIGN_ROLE, value: {{ .component }} }
- { name: REIGN_DATABASE_MIGRATIONS, value: {{ .root.Values.migrations.enabled | ternary "job" "start" }} }
- { name: REIGN_TELEMETRY_LOGS, value: stderr }
- { name: REIGN_TELEMETRY_METRICS_HOST, value: 0.0.0.0 }
- { name: REIGN_TELEMETRY_METRICS_PORT, value: "9464" }
{{- if include "reign.manyRedis" .root }}
{{- range $variable, $secret := dict "REIGN_REDIS_PASSWORD" $secrets.redisPassword "REIGN_REDIS_SENTINEL_PASSWORD" $secrets.sentinelPassword }}
{{- if $secret.name }}
{{ include "reign.secretVariable" (list $variable $secret) }}
{{- end }}
{{- end }}
{{- else }}
{{ include "reign.secretVariable" (list "REIGN_REDIS_URL" $secrets.redis) }}
{{- end }}
{{- if $secrets.redisCa.name }}
- { name: REIGN_REDIS_CA, value: /etc/reign-tls/redis/ca.crt }
{{- end }}
{{- if not .root.Values.migrations.enabled }}
{{ include "reign.secretVariable" (list "REIGN_DATABASE_URL" $secrets.ownerDatabase) }}
{{- end }}
{{- if eq .component "gateway" }}
{{ include "reign.secretVariable" (list "REIGN_GATEWAY_DATABASE_URL" $secrets.gatewayDatabase) }}
# Without an ingress it is reached through `kubectl port-forward` alone, which comes by loopback.
- { name: REIGN_SERVER_HOST, value: {{ .root.Values.ingress.enabled | ternary "0.0.0.0" "127.0.0.1" }} }
- { name: REIGN_SERVER_PORT, value: "7373" }
{{- with include "reign.publicUrl" .root }}
- { name: REIGN_SERVER_PUBLIC_URL, value: {{ . }} }
{{- end }}
{{- if .root.Values.gateway.anchorClaim }}
- { name: REIGN_AUDIT_ANCHOR_FILE, value: /var/lib/reign-anchor/audit-anchor.jsonl }
{{- end }}
{{- else }}
{{ include "reign.secretVariable" (list "REIGN_WORKER_DATABASE_URL" $secrets.workerDatabase) }}
- { name: REIGN_SANDBOX_BACKEND, value: {{ .root.Values.sandbox.backend }} }
{{- if eq .root.Values.sandbox.backend "pod" }}
- { name: REIGN_SANDBOX_POD_IMAGE, value: {{ include "reign.image" .root | quote }} }
- { name: REIGN_SANDBOX_POD_NAMESPACE, value: {{ .root.Values.sandbox.podNamespace }} }
- { name: REIGN_SANDBOX_POD_ADDRESS, valueFrom: { fieldRef: { fieldPath: status.podIP } } }
{{- with (first .root.Values.image.pullSecrets) }}
- { name: REIGN_SANDBOX_POD_PULL_SECRET, value: {{ .name }} }
{{- end }}
{{- end }}
{{- end }}
{{- range $name, $value := (index .root.Values .component).env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "reign.envFrom" -}}
{{- $names := ternary .root.Values.secrets.gatewayVariables .root.Values.secrets.workerVariables (eq .component "gateway") -}}
{{- with $names }}
envFrom:
{{- range . }}
  - secretRef: { name: {{ . }} }
{{- end }}
{{- end }}
{{- end }}

{{- define "reign.volumeMounts" -}}
{{- $values := .root.Values -}}
- { name: config, mountPath: /etc/reign, readOnly: true }
- { name: data, mountPath: /var/lib/reign }
- { name: tmp, mountPath: /tmp }
- { name: keys, mountPath: /var/lib/reign/keys, readOnly: true }
{{- if $values.secrets.databaseCa.name }}
- { name: database-ca, mountPath: /etc/reign-tls/database, readOnly: true }
{{- end }}
{{- if $values.secrets.redisCa.name }}
- { name: redis-ca, mountPath: /etc/reign-tls/redis, readOnly: true }
{{- end }}
{{- if eq .component "gateway" }}
{{- if $values.gateway.anchorClaim }}
- { name: anchor, mountPath: /var/lib/reign-anchor }
{{- end }}
{{- else if or $values.secrets.kubeconfig.name (ne $values.clusterAccess.rights "none") }}
- { name: clusters, mountPath: /etc/reign-clusters, readOnly: true }
{{- end }}
{{- end }}

{{- define "reign.volumes" -}}
{{- $values := .root.Values -}}
{{- $secrets := $values.secrets -}}
- name: config
  configMap: { name: {{ include "reign.name" .root }} }
- name: data
  emptyDir: {}
- name: tmp
  emptyDir: {}
- name: keys
  projected:
    defaultMode: 0440
    sources:
      - secret: { name: {{ $secrets.gatewayPublicKey.name }}, items: [{ key: {{ $secrets.gatewayPublicKey.key | quote }}, path: gateway.pub }] }
{{- if eq .component "gateway" }}
      - secret: { name: {{ $secrets.gatewayKey.name }}, items: [{ key: {{ $secrets.gatewayKey.key | quote }}, path: gateway.key }] }
{{- end }}
{{- with $secrets.masterKey.name }}
      - secret: { name: {{ . }}, items: [{ key: {{ $secrets.masterKey.key | quote }}, path: master.key }] }
{{- end }}
{{- with $secrets.databaseCa.name }}
- name: database-ca
  secret: { secretName: {{ . }}, items: [{ key: {{ $secrets.databaseCa.key | quote }}, path: ca.crt }] }
{{- end }}
{{- with $secrets.redisCa.name }}
- name: redis-ca
  secret: { secretName: {{ . }}, items: [{ key: {{ $secrets.redisCa.key | quote }}, path: ca.crt }] }
{{- end }}
{{- if eq .component "gateway" }}
{{- with $values.gateway.anchorClaim }}
- name: anchor
  persistentVolumeClaim: { claimName: {{ . }} }
{{- end }}
{{- else if or $secrets.kubeconfig.name (ne $values.clusterAccess.rights "none") }}
- name: clusters
  projected:
    defaultMode: 0440
    sources:
{{- with $secrets.kubeconfig.name }}
      - secret: { name: {{ . }}, items: [{ key: {{ $secrets.kubeconfig.key | quote }}, path: kubeconfig }] }
{{- end }}
{{- if ne $values.clusterAccess.rights "none" }}
      - configMap: { name: {{ include "reign.name" .root }}-own-cluster }
{{- end }}
{{- end }}
{{- end }}

{{/* The image's own health check: a gateway that listens on loopback alone answers no kubelet. */}}
{{- define "reign.probes" -}}
startupProbe: { exec: { command: [reign, health, --live] }, periodSeconds: 5, timeoutSeconds: 10, failureThreshold: 24 }
livenessProbe: { exec: { command: [reign, health, --live] }, periodSeconds: 30, timeoutSeconds: 10 }
readinessProbe: { exec: { command: [reign, health] }, periodSeconds: 15, timeoutSeconds: 10 }
{{- end }}

{{/* A worker's pod, without what tells a Deployment's from the test's: (dict "root" . "component" "worker"). */}}
{{- define "reign.workerPod" -}}
{{- $bubblewrap := eq .root.Values.sandbox.backend "bubblewrap" -}}
serviceAccountName: {{ include "reign.name" .root }}-worker
automountServiceAccountToken: {{ or (not $bubblewrap) (ne .root.Values.clusterAccess.rights "none") }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- if $bubblewrap }}
# Bubblewrap makes user namespaces and mounts a /proc of its own in them.
hostUsers: false
{{- end }}
securityContext: {{ include "reign.podSecurity" .root | nindent 2 }}
volumes: {{ include "reign.volumes" . | nindent 2 }}
{{- end }}

{{- define "reign.workerContainer" -}}
{{- $bubblewrap := eq .root.Values.sandbox.backend "bubblewrap" -}}
name: worker
image: {{ include "reign.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
env: {{ include "reign.env" . | nindent 2 }}
{{- include "reign.envFrom" . }}
resources: {{ toYaml .root.Values.worker.resources | nindent 2 }}
securityContext: {{ include "reign.containerSecurity" .root | nindent 2 }}
{{- if $bubblewrap }}
  procMount: Unmasked
  seccompProfile: {{ toJson .root.Values.sandbox.seccompProfile }}
  appArmorProfile: { type: Unconfined }
{{- end }}
volumeMounts: {{ include "reign.volumeMounts" . | nindent 2 }}
{{- end }}
