import { FaultError } from '../../domain/fault.ts';
import { createAsk, fieldOf, textOf } from './ask.ts';
import { type Manager, textOrKey } from './manager.ts';

/** Secrets of Google's Secret Manager. The version is the number that `latest` stands for now. */
export function gcpManager(
  token: () => Promise<string>,
  url = 'https://secretmanager.googleapis.com',
): Manager<'gcp'> {
  const ask = createAsk("Google's Secret Manager");
  return async ({ project, secret, version, key }) => {
    const name = `projects/${project}/secrets/${secret}`;
    const { status, body } = await ask({
      url: `${url}/v1/${name}/versions/${version}:access`,
      headers: { authorization: `Bearer ${await token()}` },
    });
    if (status === 404)
      throw new FaultError(
        'not-found',
        `There is no version ${version} of ${name} in Google's Secret Manager.`,
      );
    if (status === 401 || status === 403)
      throw new FaultError(
        'not-allowed',
        `Google lets Reign not read ${name}: give its account roles/secretmanager.secretAccessor on it.`,
      );
    if (status !== 200) {
      const says = fieldOf(body, 'error', 'message') ?? status;
      throw new FaultError('unreachable', `${name} cannot be read in Google's Secret Manager: ${says}.`);
    }
    const data = textOf('Google', body, 'payload', 'data');
    const text = Buffer.from(data, 'base64').toString('utf8');
    return { value: textOrKey(text, key, name), version: textOf('Google', body, 'name') };
  };
}
