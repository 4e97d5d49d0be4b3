import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import { isLoopback } from '../domain/loopback.ts';
import type { ChatPlatform } from '../domain/ports/chat-platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { chartPictures } from './chart-pictures.ts';

export type ChatOptions = { config: Config; planUrl: (planId: string) => string; logger: Logger };

/** The chat platforms that are configured. Their libraries are loaded only then. */
export async function chatPlatforms({ config, planUrl, logger }: ChatOptions): Promise<ChatPlatform[]> {
  const { secrets } = config;
  const platforms: ChatPlatform[] = [];
  const botToken = secrets['SLACK_BOT_TOKEN'];
  if (botToken) {
    const { createSlack } = await import('../../adapters/slack/index.ts');
    const appToken = secrets['SLACK_APP_TOKEN'];
    const signingSecret = secrets['SLACK_SIGNING_SECRET'];
    const apiUrl = secrets['SLACK_API_URL'];
    platforms.push(
      createSlack({
        botToken,
        planUrl,
        logger,
        drawPicture: await chartPictures(logger),
        ...(appToken ? { appToken } : {}),
        ...(signingSecret ? { signingSecret } : {}),
        ...(apiUrl ? { apiUrl } : {}),
      }),
    );
  }
  const teams = await teamsPlatform({ config, planUrl, logger });
  return teams ? [...platforms, teams] : platforms;
}

/** Throws FaultError where Teams would be let in unchecked by mistake. */
async function teamsPlatform({ config, planUrl, logger }: ChatOptions): Promise<ChatPlatform | undefined> {
  const { secrets, server } = config;
  const unchecked = secrets['REIGN_TEAMS_UNAUTHENTICATED'] === '1';
  const { MicrosoftAppId: appId, MicrosoftAppPassword: password, MicrosoftAppTenantId: tenantId } = secrets;
  if (!appId && !unchecked) {
    if (!password && !tenantId) return undefined;
    throw new FaultError(
      'bad-request',
      'MicrosoftAppId is missing: without it Teams would not be authenticated.',
    );
  }
  if (unchecked) {
    if (appId)
      throw new FaultError(
        'bad-request',
        'REIGN_TEAMS_UNAUTHENTICATED=1 and MicrosoftAppId contradict each other.',
      );
    if (!isLoopback(server.host))
      throw new FaultError('bad-request', 'REIGN_TEAMS_UNAUTHENTICATED=1 works on loopback alone.');
    logger.warn(
      {},
      'TEAMS IS NOT AUTHENTICATED: anybody on this machine can speak as anybody. For a local emulator only.',
    );
  }
  const { createTeams } = await import('../../adapters/teams/index.ts');
  const appType = secrets['MicrosoftAppType'];
  const openIdMetadataUrl = secrets['REIGN_TEAMS_OPENID_METADATA_URL'];
  const graphUrl = secrets['REIGN_TEAMS_GRAPH_URL'];
  return createTeams({
    planUrl,
    logger,
    drawPicture: await chartPictures(logger),
    ...(appId ? { appId } : {}),
    ...(password ? { password } : {}),
    ...(tenantId ? { tenantId } : {}),
    ...(appType ? { appType } : {}),
    ...(openIdMetadataUrl ? { openIdMetadataUrl } : {}),
    ...(graphUrl ? { graphUrl } : {}),
  });
}
