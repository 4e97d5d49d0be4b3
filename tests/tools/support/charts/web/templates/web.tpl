apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: { app: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata:
      labels: { app: {{ .Release.Name }} }
    spec:
      containers:
        - name: web
          image: nginx:{{ .Values.tag }}
          env:
            - { name: PASSWORD, value: {{ .Values.password | quote }} }
            - { name: COLOR, value: {{ .Values.color | quote }} }
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec:
  selector: { app: {{ .Release.Name }} }
  ports: [{ port: 80, targetPort: 80 }]
---
apiVersion: v1
kind: Secret
metadata: { name: {{ .Release.Name }}-keys }
stringData:
  password: {{ .Values.password | quote }}
  {{- if .Values.random }}
  session: {{ randAlphaNum 24 | quote }}
  {{- end }}
{{- if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-extra }
data: { mode: extra }
{{- end }}
