/** `types`: what is typed where the docs leave something open. `ID` is the plan that was shown last. */
export type Try = { types?: string; says: RegExp; code?: number; input?: string };

/** In the demo, in this order. */
export const inTheDemo: Record<string, Try> = {
  'npx reign ask "scale checkout to 6 in staging"': { says: /3 → 6 replicas/, code: 3 },
  'npx reign plan approve ID --wait': { says: /Done, and checked/ },
  'npx reign plan undo ID': { says: /3 replicas/ },
  'npx reign ask "restart cart in production"': { says: /bob or carol/i, code: 3 },
  'npx reign plan approve ID': { says: /somebody else must approve it/, code: 1 },
  'npx reign plan approve ID --as bob --wait': { says: /Done, and checked/ },
  'npx reign ask "set the image of web in staging to registry.demo/web:bad" --approve': {
    says: /ImagePullBackOff/,
    code: 1,
  },
  'KUBECONFIG=.reign/demo.kubeconfig kubectl --context staging -n shop get deployments,pods': {
    says: /deployment\.apps\/checkout +\d\/\d/,
  },
  'npx reign ask TEXT --json [--approve] [--wait] [--conversation ID]': {
    types: 'npx reign ask "list pods in staging" --json --wait',
    says: /"type":"answer"/,
  },
  'npx reign chat': { says: /checkout/, input: 'list pods in staging\n' },
  'npx reign link': { says: /#token=/ },
  'npx reign health': { says: /ready/ },
  'npx reign doctor': { says: /^ok +running/m },
  'npx reign plan list': { says: /p-\w{7}/ },
  'npx reign plan show ID': { says: /p-\w{7}/ },
  'npx reign audit list': { says: /plan\./ },
  'npx reign audit verify': { says: /holds/ },
  'npx reign policy explain': { says: /kubernetes\.scale/ },
  'npx reign policy explain --environment production': { says: /a lead/ },
  'npx reign policy explain --operation kubernetes.delete': { says: /kubernetes\.delete/ },
  'npx reign policy check policies/ours.cedar': { says: /ours\.cedar/ },
  'npx reign tools': { says: /terraform\.destroy/ },
  'npx reign tools check': { types: 'npx reign tools check ./board', says: /board\.close/ },
  'npx reign tools check ./board': { says: /board\.close/ },
  'npx reign runbooks': { says: /emergency-rollback/ },
  'npx reign runbooks NAME': { types: 'npx reign runbooks emergency-rollback', says: /kubernetes\.rollback/ },
  'npx reign runbooks check FILE': {
    types: 'npx reign runbooks check rotate-image.yaml',
    says: /rotate-image/,
  },
  'npx reign eval FILE.jsonl': { types: 'npx reign eval cases.jsonl', says: /\d/ },
  'npx reign init': {
    types: 'mkdir fresh && cd fresh && KUBECONFIG=../.reign/demo.kubeconfig npx reign init && cat reign.yaml',
    says: /environments:/,
  },
};

/** Where an admin runs a Reign of her own, in this order. */
export const configured: Record<string, Try> = {
  'npx reign credential set partner-token --environment production': {
    says: /partner-token/,
    input: 'hush-3141',
  },
  'npx reign credential set': {
    types: 'npx reign credential set other --tool kubernetes',
    says: /other/,
    input: 'hush-2718',
  },
  'npx reign credential list': { says: /partner-token/ },
  'npx reign credential remove partner-token --environment production': { says: /partner-token/ },
  'npx reign credential rotate': { says: /1/ },
  "npx reign credential refer partner-token --to 'vault://vault.example.com/v1/secret/data/shop/partner#token'":
    {
      says: /partner-token/,
    },
  "npx reign credential refer db-password --to 'aws-sm://eu-central-1/prod/db#password' --environment production":
    { says: /db-password/ },
  "npx reign credential refer partner-key --to 'gcp-sm://projects/shop/secrets/partner/versions/latest'": {
    says: /partner-key/,
  },
  "npx reign credential refer mail-token --to 'azure-kv://shop-vault/mail-token'": { says: /mail-token/ },
  "npx reign credential refer sonar --to 'file:///run/secrets/sonar.json#token'": { says: /sonar/ },
  'npx reign plan cancel ID': {
    types:
      'npx reign ask "restart cart in staging" > asked; npx reign plan cancel $(grep -om1 "p-[a-z0-9]*" asked)',
    says: /[Cc]ancelled/,
  },
  'npx reign plan approve ID --break-glass "checkout is down"': {
    types:
      'npx reign ask "restart checkout in production" > asked; npx reign plan approve $(grep -om1 "p-[a-z0-9]*" asked) --break-glass "checkout is down"',
    says: /p-\w{7}/,
  },
  'npx reign plan review ID approve|reject': {
    types: 'npx reign plan review ID approve',
    says: /review/,
    code: 1,
  },
  'npx reign freeze production "looking at refusals"': { says: /production/ },
  'npx reign freeze production "reason" --for 2h': { says: /production/ },
  'npx reign unfreeze': { types: 'npx reign unfreeze production', says: /production/ },
  'npx reign migrate': { says: /./ },
  'npx reign audit export audit.jsonl': {
    types: 'npx reign audit export audit.jsonl && wc -l audit.jsonl',
    says: /\d+ audit\.jsonl/,
  },
  'npx reign audit verify --file audit.jsonl --key gateway.pub': { says: /holds/ },
  'npx reign backup /somewhere/safe/before': { says: /rows, keys and configuration/ },
  'npx reign backup /somewhere/safe/2026-11-23': { says: /rows, keys and configuration/ },
  'npx reign restore /somewhere/safe/2026-11-23 --data /tmp/drill': {
    types: 'env -u DATABASE_URL npx reign restore /somewhere/safe/2026-11-23 --data /tmp/drill',
    says: /The audit holds/,
  },
  'npx reign restore /somewhere/safe/2026-11-23 --data .reign --database postgres://…/reign_restored': {
    types:
      'npx reign restore /somewhere/safe/2026-11-23 --data restored --database postgres://…/reign_restored',
    says: /The audit holds/,
  },
};

/** Where the others are run: a file, and what in it runs them. */
export const elsewhere: Record<string, [file: string, runs: string]> = {
  'npm ci && npm test': ['.ci/run', 'npm test'],
  'npm ci': ['.ci/run', 'npm ci'],
  // `npm start` is `bin/reign.js start`, as this starts it.
  'npm ci && npm start': ['tests/support/alone.ts', "'start'"],
  'npm start': ['tests/support/alone.ts', "'start'"],
  'npx reign start': ['tests/support/reign.ts', "'start'"],
  'npx reign start --no-install': ['tests/support/reign.ts', "'--no-install'"],
  'npx reign start --role …': ['tests/support/reign.ts', "'--role'"],
  'npx reign eval --llm': ['tests/e2e/eval-llm.test.ts', "'--llm'"],
  'docker build -t registry.example/reign:1 .': ['tests/deploy/support/build-image.ts', "'build', '--tag'"],
  'docker run --rm --entrypoint cat registry.example/reign:1 /opt/reign/sbom.cdx.json > sbom.cdx.json': [
    'tests/deploy/image.test.ts',
    'sbom.cdx.json',
  ],
  'echo "POSTGRES_PASSWORD=$(openssl rand -hex 24)" > .env': [
    'tests/deploy/install-doc.test.ts',
    'POSTGRES_PASSWORD',
  ],
  'docker compose up --detach --build': ['tests/deploy/install-doc.test.ts', "'compose'"],
  'docker compose exec reign reign doctor': ['tests/deploy/install-doc.test.ts', "'compose'"],
  'docker compose exec reign reign link': ['tests/deploy/install-doc.test.ts', "'compose'"],
  'pg_dump --format=custom --file reign.dump "$DATABASE_URL"': [
    'tests/integration/backup.test.ts',
    "'pg_dump'",
  ],
  'createdb reign_restored': ['tests/integration/backup.test.ts', 'create database'],
  'pg_restore --no-owner --dbname reign_restored reign.dump': [
    'tests/integration/backup.test.ts',
    "'pg_restore'",
  ],
  'cp -a .reign/keys reign.yaml /somewhere/safe/': ['tests/integration/backup.test.ts', 'keys'],
  'cp -a /somewhere/safe/keys .reign/': ['tests/integration/backup.test.ts', 'keys'],
  'DATABASE_URL=postgres://…/reign_restored npx reign start': [
    'tests/integration/backup.test.ts',
    'DATABASE_URL',
  ],
};
