apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations: { helm.sh/hook: "pre-upgrade" }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: migrate, image: "busybox:1" }]
