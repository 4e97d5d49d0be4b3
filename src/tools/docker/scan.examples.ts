/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'trivy image corp/ledger:4', params: { image: 'corp/ledger:4' } },
  { request: 'docker scan valkey:8', params: { image: 'valkey:8' } },
  { request: 'docker scout cves corp/mailer:0.4', params: { image: 'corp/mailer:0.4' } },
  { request: 'scan the image nats:2.10 for vulnerabilities', params: { image: 'nats:2.10' } },
  { request: 'are there cves in mariadb:11?', params: { image: 'mariadb:11' } },
  { request: 'check corp/reports:7 for security holes', params: { image: 'corp/reports:7' } },
  { request: 'vulnerability scan of haproxy:3.0 please', params: { image: 'haproxy:3.0' } },
  { request: 'scan an image', params: {} },
  { request: 'secuirty scan of influxdb:2', params: { image: 'influxdb:2' } },
  { request: 'how safe is the image gitea/gitea:1.22', params: { image: 'gitea/gitea:1.22' } },
  { request: 'does `corp/search:12` contain known vulnerabilities', params: { image: 'corp/search:12' } },
  { request: 'grype quay.io/team/probe:3', params: { image: 'quay.io/team/probe:3' } },
  { request: 'look for cves in the zookeeper:3.9 image', params: { image: 'zookeeper:3.9' } },
];
