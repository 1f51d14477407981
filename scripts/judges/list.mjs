// Who judges the embedded tenant, and what it leaves for later.
import { join } from 'node:path'
import { root } from '../child.mjs'

/** What the judges said when they last ran. */
export const judgesFile = join(root, 'docs', 'judges.json')

/** Each judge: its tests in test/judges, what it judges, and what it needs that a checkout does not bring. */
export const judges = [
  {
    name: 'auth0 7.1',
    files: ['auth0.test.ts', 'auth0-methods.test.ts', 'auth0-wire.test.ts'],
    of: 'all methods with valid arguments, answers against the document, the same requests as the grammar',
    without: "Auth0's OpenAPI document is not here",
  },
  {
    name: 'auth0 4.37',
    files: ['auth0-4.nightly.test.ts'],
    of: 'its AuthenticationClient, its errors, its pages',
    without: 'MCP_SERVER_PROGRAM names no program',
  },
  { name: '@auth0/auth0-auth-js', files: ['auth-js.test.ts'], of: 'logins and the MFA API' },
  {
    name: '@auth0/auth0-spa-js in Chromium',
    files: ['spa-js.test.ts'],
    of: 'login, popup, silent tokens, rotation, MFA, logout',
    without: 'Chromium is not here',
  },
  {
    name: 'express-openid-connect, express-oauth2-jwt-bearer',
    files: ['express.test.ts'],
    of: 'the default configuration, a session of codes, an organization, an API behind tokens',
  },
  { name: 'openid-client', files: ['openid-client.test.ts'], of: 'discovery, code with PKCE, device, MFA grants' },
  {
    name: 'oauth4webapi',
    files: ['oauth4webapi.test.ts'],
    of: 'code, hybrid, PAR, device, CIBA, refusals, registration, consent',
  },
  {
    name: 'auth0-deploy-cli 8.44',
    files: ['deploy-cli.nightly.test.ts'],
    of: 'export, import and export of a rich tenant are the same; a dry run wants nothing',
    without: 'DEPLOY_CLI_PROGRAM names no program',
  },
  {
    name: '@auth0/auth0-mcp-server',
    files: ['mcp-server.nightly.test.ts'],
    of: 'lists, reads, makes, changes and deploys',
    without: 'MCP_SERVER_PROGRAM names no program',
  },
]

/** What the embedded tenant does not do yet. */
export const later = [
  'passkeys',
  'JAR',
  'RAR',
  'a host for mTLS',
  'DPoP',
  'token exchange, jwt-bearer and federated connection tokens',
  'back-channel logout',
  'SAML and WS-Federation',
  'running actions (they are stored, versioned and bound)',
]
