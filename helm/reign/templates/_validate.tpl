{{/* What a schema cannot say: values that do not go together, each with what to do. */}}
{{- define "reign.validate" -}}
{{- $values := .Values }}
{{- if not $values.image.repository }}{{ fail "image.repository is empty: build the image (docs/install.md) and say where you pushed it, as in registry.example/reign" }}{{ end }}
{{- if not (or $values.image.tag $values.image.digest) }}{{ fail "image: give a tag, or better the digest that the push printed" }}{{ end }}
{{- range list "people" "environments" }}
{{- if not (index $values.config .) }}{{ fail (printf "config.%s is missing: config is your reign.yaml; `reign init` writes one" .) }}{{ end }}
{{- end }}
{{- include "reign.validateSecrets" . }}
{{- include "reign.validateNamespaces" . }}
{{- range $component := list "gateway" "worker" }}
{{- range $name, $value := (index $values $component).env }}
{{- if regexMatch "(TOKEN|PASSWORD|SECRET|KEY|DATABASE_URL|REDIS_URL)$" (upper $name) }}{{ fail (printf "%s.env.%s looks like a secret: keep it in a Secret and name that in secrets.%sVariables" $component $name $component) }}{{ end }}
{{- end }}
{{- end }}
{{- range $name, $_ := $values.files }}
{{- if not (regexMatch "^[-._a-zA-Z0-9]+$" $name) }}{{ fail (printf "files: %q is no name of a file: letters, digits, - . and _, without folders" $name) }}{{ end }}
{{- end }}
{{- if hasKey $values.files "reign.yaml" }}{{ fail "files may not hold reign.yaml: write it below config" }}{{ end }}
{{- if and $values.worker.autoscaling.enabled $values.worker.keda.enabled }}{{ fail "worker.autoscaling and worker.keda would both set the number of workers: enable one of them" }}{{ end }}
{{- range $how := list "autoscaling" "keda" }}
{{- with index $values.worker $how }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}{{ fail (printf "worker.%s.minReplicas (%d) is above maxReplicas (%d)" $how (int .minReplicas) (int .maxReplicas)) }}{{ end }}
{{- end }}
{{- end }}
{{- if and $values.gateway.anchorClaim (gt (int $values.gateway.replicas) 1) }}{{ fail "gateway.anchorClaim holds the anchor of one gateway: set gateway.replicas to 1, or name no claim" }}{{ end }}
{{- if and (eq $values.clusterAccess.rights "none") $values.clusterAccess.namespaces }}{{ fail "clusterAccess.namespaces says where rights hold, and clusterAccess.rights is none: set it to read or write" }}{{ end }}
{{- $known := (.Files.Get "files/rights.yaml" | fromYaml).write }}
{{- range $values.clusterAccess.operations }}
{{- if not (hasKey $known .) }}{{ fail (printf "clusterAccess.operations: %s is no operation that writes to a cluster; there are %s" . (keys $known | sortAlpha | join ", ")) }}{{ end }}
{{- end }}
{{- with $values.clusterAccess }}
{{- if .namespaces }}
{{- range list "kubernetes.cordon" "kubernetes.uncordon" "kubernetes.drain" "kubernetes.create_namespace" }}
{{- if has . $values.clusterAccess.operations }}{{ fail (printf "clusterAccess.operations: %s changes what lies in no namespace, for which rights in clusterAccess.namespaces mean nothing: leave one of the two away" .) }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
{{- with $values.ingress }}
{{- if .enabled }}
{{- if not .host }}{{ fail "ingress.host is empty: give the name under which people and chats reach Reign" }}{{ end }}
{{- if not .tlsSecret }}{{ fail "ingress.tlsSecret is empty: sessions need https, so name the Secret with the certificate" }}{{ end }}
{{- if not (and (dig "oidc" "issuer" "" $values.config) (dig "oidc" "clientId" "" $values.config)) }}{{ fail "ingress.enabled lets people in from outside, who sign in by OpenID Connect: set config.oidc.issuer and config.oidc.clientId (docs/operations.md)" }}{{ end }}
{{- if not (or .page .slack .teams .alerts) }}{{ fail "ingress: enable at least one of page, slack, teams and alerts" }}{{ end }}
{{- end }}
{{- end }}
{{- range $what, $file := dict "rules" "files/rules.yaml" "dashboard" "files/dashboard.json" }}
{{- if and (index $values.monitoring $what).enabled (not ($.Files.Get $file)) }}{{ fail (printf "monitoring.%s.enabled: this chart comes without %s" $what $file) }}{{ end }}
{{- end }}
{{- end }}

{{/* The release's namespace holds the gateway's key: who may make pods or read Secrets there can have it. */}}
{{- define "reign.validateNamespaces" -}}
{{- $own := .Release.Namespace }}
{{- with .Values.sandbox }}
{{- if and (eq .backend "pod") (not .podNamespace) }}{{ fail "sandbox.podNamespace is empty: make a namespace for the steps' pods and nothing else, and name it" }}{{ end }}
{{- if and (eq .backend "pod") (eq .podNamespace $own) }}{{ fail (printf "sandbox.podNamespace is %s, the release's own namespace, where a step's Job could mount the gateway's key: name another one" $own) }}{{ end }}
{{- end }}
{{- with .Values.clusterAccess }}
{{- $covered := or (not .namespaces) (has $own .namespaces) }}
{{- $reaches := or (eq .rights "write") (and .readSecrets (ne .rights "none")) }}
{{- if and $covered $reaches (not .ownNamespace) }}{{ fail (printf "clusterAccess gives workers rights in %s, the release's own namespace, by which one that was taken over can read the gateway's key: list other namespaces in clusterAccess.namespaces, or set clusterAccess.ownNamespace to true if you accept that" $own) }}{{ end }}
{{- end }}
{{- end }}

{{- define "reign.validateSecrets" -}}
{{- $secrets := .Values.secrets }}
{{- $wanted := list "gatewayDatabase" "workerDatabase" "ownerDatabase" "gatewayKey" "gatewayPublicKey" }}
{{- if not (include "reign.manyRedis" .) }}{{ $wanted = append $wanted "redis" }}{{ end }}
{{- range $wanted }}
{{- if not (index $secrets .).name }}{{ fail (printf "secrets.%s.name is empty: name a Secret of the release's namespace (docs/install.md says how to make it)" .) }}{{ end }}
{{- end }}
{{- $config := .Values.config }}
{{- if and (not $secrets.masterKey.name) (not (dig "vault" "masterKey" false $config)) }}{{ fail "secrets.masterKey.name is empty: name a Secret with the master key, or configure vault.masterKey" }}{{ end }}
{{- $given := dict "database.url" "ownerDatabase" "gateway.database.url" "gatewayDatabase" "worker.database.url" "workerDatabase" "redis.url" "redis" "redis.password" "redisPassword" "redis.sentinelPassword" "sentinelPassword" }}
{{- range $path, $secret := $given }}
{{- $found := $config }}
{{- range splitList "." $path }}{{ $found = kindIs "map" $found | ternary (get (kindIs "map" $found | ternary $found dict) .) "" }}{{ end }}
{{- if $found }}{{ fail (printf "config.%s holds a password where everybody can read it: keep the address in a Secret and name that in secrets.%s" $path $secret) }}{{ end }}
{{- end }}
{{- end }}
