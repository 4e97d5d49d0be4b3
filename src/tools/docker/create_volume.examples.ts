/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'docker volume create orders-data', params: { name: 'orders-data' } },
  { request: 'docker volume create --name search_index', params: { name: 'search_index' } },
  { request: 'create a volume named attachments', params: { name: 'attachments' } },
  { request: 'make me a docker volume batch_out', params: { name: 'batch_out' } },
  { request: 'we need a new persistent volume in docker called ledger', params: { name: 'ledger' } },
  { request: 'please add a volume for the container, name it thumbnails', params: { name: 'thumbnails' } },
  { request: 'create a docker volume', params: {} },
  { request: 'set up docker volume `scratch-1`', params: { name: 'scratch-1' } },
  { request: 'crete volume mailspool', params: { name: 'mailspool' } },
  { request: 'a volume called nightly-dumps please', params: { name: 'nightly-dumps' } },
  { request: 'could you create the volume artifacts in docker', params: { name: 'artifacts' } },
  { request: 'new volume for docker: sessions', params: { name: 'sessions' } },
  { request: 'i want a named docker volume, models', params: { name: 'models' } },
];
