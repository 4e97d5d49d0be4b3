/** What a chart is made for. */
export type ChartWish = { name: string; image: string; port: number; replicas: number };

/** The files of a chart for a stateless service: a deployment that does not run as root, and a service before it. */
export function chartFiles(wish: ChartWish): { path: string; content: string }[] {
  return [
    { path: 'Chart.yaml', content: about(wish) },
    { path: 'values.yaml', content: values(wish) },
    { path: 'templates/_helpers.tpl', content: helpers },
    { path: 'templates/deployment.yaml', content: deployment },
    { path: 'templates/service.yaml', content: service },
  ];
}

const about = ({ name }: ChartWish) => `apiVersion: v2
name: ${name}
description: Deploys ${name}.
type: application
version: 0.1.0
icon: https://helm.sh/img/helm.svg
`;

const values = ({ image, port, replicas }: ChartWish) => `image: ${JSON.stringify(image)}
replicas: ${replicas}
# The port that the container listens on.
port: ${port}

service:
  type: ClusterIP
  port: 80

# Environment variables: names and values.
env: {}

resources:
  requests: { cpu: 100m, memory: 128Mi }
  limits: { memory: 256Mi }

podSecurityContext:
  runAsNonRoot: true
  seccompProfile: { type: RuntimeDefault }

containerSecurityContext:
  allowPrivilegeEscalation: false
  capabilities: { drop: [ALL] }
`;

const helpers = `{{- define "chart.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | replace (printf "%s-%s" .Chart.Name .Chart.Name) .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "chart.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "chart.labels" -}}
{{ include "chart.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "chart.name" . }}
  labels: {{- include "chart.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "chart.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "chart.labels" . | nindent 8 }}
    spec:
      securityContext: {{- toYaml .Values.podSecurityContext | nindent 8 }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ .Values.image | quote }}
          securityContext: {{- toYaml .Values.containerSecurityContext | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ .Values.port }}
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          readinessProbe:
            tcpSocket: { port: http }
          livenessProbe:
            tcpSocket: { port: http }
            initialDelaySeconds: 10
          resources: {{- toYaml .Values.resources | nindent 12 }}
`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: {{ include "chart.name" . }}
  labels: {{- include "chart.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  selector: {{- include "chart.selector" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
`;
