/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'run the cronjob ledger-backup now', params: { name: 'ledger-backup' } },
  {
    request: 'kubectl create job --from=cronjob/nightly-import nightly-import-manual',
    params: { name: 'nightly-import' },
  },
  {
    request: 'trigger the cron job report-mailer in prod',
    params: { name: 'report-mailer', environment: 'prod' },
  },
  {
    request: 'start cronjob cleanup by hand in staging',
    params: { name: 'cleanup', environment: 'staging' },
  },
  {
    request: 'run the backup job payments-dump once in production',
    params: { name: 'payments-dump', environment: 'production' },
  },
  {
    request: 'kick off cronjob reindex in namespace search',
    params: { name: 'reindex', namespace: 'search' },
  },
  { request: 'execute the cronjob rotate-logs right now', params: { name: 'rotate-logs' } },
  { request: 'run cronjob/ping-partners manually', params: { name: 'ping-partners' } },
  {
    request: 'fire the scheduled job invoice-run in dev',
    params: { name: 'invoice-run', environment: 'dev' },
  },
  { request: 'make a job from the cronjob db-snapshot', params: { name: 'db-snapshot' } },
  {
    request: 'launch the cron job warm-cache in ns edge now',
    params: { name: 'warm-cache', namespace: 'edge' },
  },
  {
    request: 'run the scheduled job sync-users off schedule in staging',
    params: { name: 'sync-users', environment: 'staging' },
  },
];
