/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'helm rollback shop 3 -n retail',
    params: { release: 'shop', revision: 3, namespace: 'retail' },
  },
  { request: 'helm rollback gateway', params: { release: 'gateway' } },
  {
    request: 'roll the billing helm release back in staging',
    params: { release: 'billing', environment: 'staging' },
  },
  {
    request: 'roll helm release inventory-eu back to revision 7 in production',
    params: { release: 'inventory-eu', revision: 7, environment: 'production' },
  },
  { request: 'take back the last helm upgrade of search-v2', params: { release: 'search-v2' } },
  {
    request: 'the mailer helm upgrade went wrong on dev, roll it back',
    params: { release: 'mailer', environment: 'dev' },
  },
  {
    request: 'helm release frontend should go back to revision 2',
    params: { release: 'frontend', revision: 2 },
  },
  {
    request: 'revert helm release notifier in namespace comms to its previous revision',
    params: { release: 'notifier', namespace: 'comms' },
  },
  {
    request: 'return the reporting release to helm revision 11 in prod',
    params: { release: 'reporting', revision: 11, environment: 'prod' },
  },
  { request: 'helm roll bak edge to 4', params: { release: 'edge', revision: 4 } },
  { request: 'bring the uninstalled helm release ledger back', params: { release: 'ledger' } },
  { request: 'roll back a helm release', params: {} },
  {
    request: 'undo the helm deployment of worker-a, revision 5 was fine',
    params: { release: 'worker-a', revision: 5 },
  },
];
