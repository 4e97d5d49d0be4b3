import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import type { ServiceClientCredentialsFactory } from 'botframework-connector';
import type { WebhookReply, WebhookRequest } from '../../src/domain/ports/chat-platform.ts';

export type BotOptions = {
  appId?: string;
  password?: string;
  tenantId?: string;
  appType?: string;
  /** Another set of keys that tokens are signed with, for a local one. */
  openIdMetadataUrl?: string;
  /** Another way to get a token for the connector, for tests. */
  credentials?: ServiceClientCredentialsFactory;
};

/** The Bot Framework's adapter, with a token checked before anything of a request is read. */
export class Bot extends CloudAdapter {
  constructor(options: BotOptions) {
    const { openIdMetadataUrl, credentials } = options;
    const keys = openIdMetadataUrl === undefined ? {} : withKeysOf(openIdMetadataUrl);
    const settings = { ...appSettings(options), ...keys };
    super(new ConfigurationBotFrameworkAuthentication(settings as never, credentials));
  }

  /** Whatever is wrong with the token, whoever sent it is not told more than 401; what fails later is a 500, and is sent again. */
  async take(request: WebhookRequest, logic: (context: TurnContext) => Promise<void>): Promise<WebhookReply> {
    const activity = readActivity(request.body);
    if (!activity) return { status: 400, body: 'The body is no activity.' };
    const token = request.headers['authorization'] ?? '';
    const checked = await this.botFrameworkAuthentication
      .authenticateRequest(activity, token)
      .catch(() => undefined);
    if (!checked) return { status: 401, body: 'The token does not fit.' };
    try {
      return answerOf(await this.processActivity(checked, activity, logic));
    } catch {
      return { status: 500, body: 'It could not be stored; send it again.' };
    }
  }
}

/** The app by the SDK's own names; none where Teams is not authenticated. */
export function appSettings({ appId, password, tenantId, appType = 'SingleTenant' }: BotOptions) {
  if (appId === undefined) return {};
  return {
    MicrosoftAppId: appId,
    MicrosoftAppPassword: password,
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppType: appType,
  };
}

/** The SDK takes either all of its own addresses or none of them. */
function withKeysOf(openIdMetadataUrl: string) {
  return {
    ValidateAuthority: true,
    ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
    ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
    ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    OAuthUrl: 'https://api.botframework.com',
  };
}

function answerOf(response: InvokeResponse | undefined): WebhookReply {
  if (response?.body === undefined) return { status: response?.status ?? 200 };
  const headers = { 'content-type': 'application/json' };
  return { status: response.status, headers, body: JSON.stringify(response.body) };
}

function readActivity(body: string): Activity | undefined {
  try {
    const parsed = JSON.parse(body) as Activity | null;
    const whole = typeof parsed?.type === 'string' && typeof parsed.conversation?.id === 'string';
    return whole ? parsed : undefined;
  } catch {
    return undefined;
  }
}
