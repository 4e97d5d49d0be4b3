import { type JudgedRequest, type Judgement, needsRule, read, refuse } from './judgement.ts';

const id = '[A-Za-z0-9][A-Za-z0-9_.-]*';
const image = '[A-Za-z0-9][A-Za-z0-9_.:/@-]*';

/**
 * Everything that a reader may ask an engine. Exports of containers, archives and attachments hand out files or act; an
 * image, which holds no state, is handed out to be scanned.
 */
const readable = [
  '_ping',
  'version',
  'info',
  'events',
  'system/df',
  'containers/json',
  `containers/${id}/(?:json|top|logs|stats|changes)`,
  'images/json',
  `images/${image}/(?:json|history|get)`,
  'networks',
  `networks/${id}`,
  'volumes',
  `volumes/${id}`,
  `exec/${id}/json`,
].map((path) => new RegExp(`^/(?:v1\\.\\d{1,3}/)?${path}$`));

/** Judges a request to a container engine: reads are GET and HEAD of the listed paths. */
export function judgeDocker({ method, path }: JudgedRequest): Judgement {
  if (path.decoded !== path.path) return refuse('Names are sent to the engine without percent encodings.');
  switch (method) {
    case 'GET':
    case 'HEAD':
      return readable.some((pattern) => pattern.test(path.path))
        ? read
        : refuse('This path of the container engine is not passed on for reading.');
    case 'POST':
    case 'PUT':
    case 'DELETE':
      return needsRule('It changes something at the container engine.');
    default:
      return refuse(`${method} is not passed on.`);
  }
}
