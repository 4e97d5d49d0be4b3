/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'what is firing?', params: {} },
  { request: 'any alerts in prod?', params: { environment: 'prod' } },
  { request: 'show firing alerts in staging', params: { environment: 'staging' } },
  { request: 'list alerts', params: {} },
  { request: 'is anything alerting right now', params: {} },
  { request: 'which alerts are active in production', params: { environment: 'production' } },
  { request: 'amtool alert query', params: {} },
  { request: "what's red in dev", params: { environment: 'dev' } },
  { request: 'current alerts please', params: {} },
  { request: 'are there open alerts on live', params: { environment: 'live' } },
  { request: 'did any alarm go off in prod', params: { environment: 'prod' } },
  { request: 'alert overview', params: {} },
];
