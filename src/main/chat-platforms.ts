import type { Config } from '../config/index.ts';
import type { ChatPlatform } from '../domain/ports/chat-platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';

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
        ...(appToken ? { appToken } : {}),
        ...(signingSecret ? { signingSecret } : {}),
        ...(apiUrl ? { apiUrl } : {}),
      }),
    );
  }
  return platforms;
}
