import { type JudgedRequest, type Judgement, needsRule, read, refuse } from './judgement.ts';

/** Judges a request to Prometheus: its query API is read, nothing is written. */
export function judgePrometheus({ method, path }: JudgedRequest): Judgement {
  const [api, version, part] = path.segments;
  if (method !== 'GET') return refuse('Prometheus is only read.');
  if (api === '-' && path.segments.length === 2 && (version === 'healthy' || version === 'ready'))
    return read;
  if (api !== 'api' || version !== 'v1' || part === 'admin' || part === undefined)
    return refuse('This path of Prometheus is not passed on.');
  return read;
}

/** Judges a request to Alertmanager: everything is read; silences are written with a rule. */
export function judgeAlertmanager({ method, path }: JudgedRequest): Judgement {
  const [api, version, part] = path.segments;
  if (api === '-' && method === 'GET' && (version === 'healthy' || version === 'ready')) return read;
  if (api !== 'api' || version !== 'v2') return refuse('This path of Alertmanager is not passed on.');
  if (method === 'GET') return read;
  const writes = (method === 'POST' && part === 'silences') || (method === 'DELETE' && part === 'silence');
  return writes ? needsRule('It changes a silence.') : refuse(`${method} ${path.path} is not passed on.`);
}
