// The echo bot of botbuilder-js's samples (02.echo-bot: restify and CloudAdapter), single-tenant.
'use strict';

const msal = require('@azure/msal-node');
const restify = require('restify');
const {
    ActivityHandler,
    CloudAdapter,
    ConfigurationBotFrameworkAuthentication,
    ConfigurationServiceClientCredentialFactory,
    MessageFactory,
} = require('botbuilder');

class EchoBot extends ActivityHandler {
    constructor() {
        super();
        this.onMessage(async (context, next) => {
            await context.sendActivity(MessageFactory.text(`Echo: ${context.activity.text}`));
            await next();
        });
    }
}

// MSAL asks Microsoft about a login host that it does not know, unless it is told to know it; the SDK has no setting.
const Application = msal.ConfidentialClientApplication;
msal.ConfidentialClientApplication = class extends Application {
    constructor(configuration) {
        const knownAuthorities = [new URL(given.secure_keys).host];
        super({ ...configuration, auth: { ...configuration.auth, knownAuthorities } });
    }
};

const port = Number(process.argv[2]);
const given = JSON.parse(process.argv[3]);
const credentials = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: given.app_id,
    MicrosoftAppPassword: 'bench',
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: given.tenant,
});
// Where our key server is in the place of Microsoft's. MSAL wants TLS, but asks once only.
const authentication = new ConfigurationBotFrameworkAuthentication(
    {
        ToChannelFromBotLoginUrl: `${given.secure_keys}/adfs`,
        ToChannelFromBotOAuthScope: 'https://api.botframework.com',
        ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
        ToBotFromChannelOpenIdMetadataUrl: `${given.keys}/configuration`,
        ToBotFromEmulatorOpenIdMetadataUrl: `${given.keys}/configuration`,
        OAuthUrl: 'https://api.botframework.com',
        ValidateAuthority: true,
    },
    credentials
);
const adapter = new CloudAdapter(authentication);
adapter.onTurnError = async (_, error) => console.error(error);
const bot = new EchoBot();

const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request, response) => {
    await adapter.process(request, response, (context) => bot.run(context));
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
