import { isJsonObject, type Json, type JsonObject } from '../../src/plan/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'

/** Sends one request to the Management API of a tenant; throws where the answer is no success. */
export type Send = (method: string, path: string, body?: Json) => Promise<JsonObject>

/** Requests to a tenant over plain HTTP, with a token of its main application. */
export async function senderFor(tenant: Sandbox): Promise<Send> {
  const { clientId, clientSecret } = tenant.options
  const post = async (url: string, body: Json, headers: Record<string, string> = {}, method = 'POST') => {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } }
    return fetch(url, body === null ? init : { ...init, body: JSON.stringify(body) })
  }
  const grant = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    audience: `https://${tenant.domain}/api/v2/`,
  }
  const { access_token } = (await (await post(`${tenant.url}/oauth/token`, grant)).json()) as { access_token: string }
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${access_token}` }
    const answer = await post(`${tenant.url}/api/v2/${path}`, body ?? null, headers, method)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
    const parsed = text === '' ? {} : (JSON.parse(text) as Json)
    return isJsonObject(parsed) ? parsed : { items: parsed }
  }
}

const GRANTS = ['authorization_code', 'refresh_token', 'implicit', 'client_credentials']
const POST_LOGIN = [{ id: 'post-login', version: 'v3' }]

/**
 * Fills a tenant with at least one of everything that Auth0's deploy-cli moves: ten applications, connections, roles,
 * organizations, bound actions, e-mail, branding, prompts, streams, access lists and profiles.
 */
export async function fillRichly(send: Send): Promise<void> {
  const made = (path: string, body: Json) => send('POST', path, body)
  const clients = await applications(made)
  await apis(made, clients)
  const connections = await connectionsOf(made, clients)
  await organizations(send, clients, connections)
  await actions(send)
  await looks(send)
  await streams(made)
  await safety(send)
  await profiles(send, made)
}

type Made = (path: string, body: Json) => Promise<JsonObject>

async function applications(made: Made): Promise<readonly string[]> {
  const kinds = ['regular_web', 'spa', 'native', 'non_interactive']
  const ids: string[] = []
  for (let index = 0; index < 10; index += 1) {
    const app_type = kinds[index % kinds.length] ?? ''
    const { client_id } = await made('clients', {
      name: `Application ${index}`,
      app_type,
      description: `Number ${index}`,
      grant_types: GRANTS.slice(0, 1 + (index % GRANTS.length)),
      callbacks: [`https://app${index}.example.com/callback`],
      allowed_logout_urls: [`https://app${index}.example.com/signed-out`],
      web_origins: [`https://app${index}.example.com`],
      client_metadata: { team: `team-${index}` },
      token_endpoint_auth_method: app_type === 'spa' || app_type === 'native' ? 'none' : 'client_secret_post',
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 3600 + index },
      ...(index === 0 && { organization_usage: 'allow', organization_require_behavior: 'no_prompt' }),
      ...(index === 3 && { token_quota: { client_credentials: { enforce: true, per_day: 100, per_hour: 10 } } }),
    })
    ids.push(String(client_id))
  }
  return ids
}

async function apis(made: Made, clients: readonly string[]): Promise<void> {
  const scopes = ['read', 'write'].map((value) => ({ value: `${value}:orders`, description: `May ${value} orders` }))
  await made('resource-servers', {
    name: 'Orders',
    identifier: 'https://orders.example.com/',
    scopes,
    signing_alg: 'RS256',
    enforce_policies: true,
    token_dialect: 'access_token_authz',
    token_lifetime: 7200,
    skip_consent_for_verifiable_first_party_clients: true,
  })
  for (const client_id of clients.slice(3, 5))
    await made('client-grants', { client_id, audience: 'https://orders.example.com/', scope: ['read:orders'] })
  for (const name of ['Clerk', 'Auditor']) {
    const { id } = await made('roles', { name, description: `${name} of orders` })
    const permission = { resource_server_identifier: 'https://orders.example.com/', permission_name: 'read:orders' }
    await made(`roles/${String(id)}/permissions`, { permissions: [permission] })
  }
}

async function connectionsOf(made: Made, clients: readonly string[]): Promise<readonly string[]> {
  const database = await made('connections', {
    name: 'Customers',
    strategy: 'auth0',
    enabled_clients: clients.slice(0, 2),
    options: { passwordPolicy: 'fair', brute_force_protection: true, requires_username: false },
  })
  const social = await made('connections', {
    name: 'github',
    strategy: 'github',
    enabled_clients: clients.slice(0, 1),
    options: { client_id: 'sample', client_secret: 'sample-secret', profile: true, scope: ['user:email'] },
  })
  const enterprise = await made('connections', {
    name: 'staff',
    strategy: 'oidc',
    display_name: 'Staff',
    options: {
      type: 'front_channel',
      client_id: 'staff',
      issuer: 'https://idp.example.com/',
      authorization_endpoint: 'https://idp.example.com/authorize',
      jwks_uri: 'https://idp.example.com/jwks.json',
      scope: 'openid profile email',
    },
  })
  return [database, social, enterprise].map(({ id }) => String(id))
}

async function organizations(send: Send, clients: readonly string[], connections: readonly string[]): Promise<void> {
  for (const [index, name] of ['north', 'south'].entries()) {
    const { id } = await send('POST', 'organizations', {
      name,
      display_name: `${name} branch`,
      metadata: { region: name },
      branding: {
        logo_url: `https://www.example.com/${name}.png`,
        colors: { primary: '#112233', page_background: '#ffffff' },
      },
    })
    await send('POST', `organizations/${String(id)}/enabled_connections`, {
      connection_id: connections[index] ?? '',
      assign_membership_on_login: index === 0,
    })
  }
  await send('PATCH', `clients/${clients[1]}`, { description: 'Changed after it was made' })
}

async function actions(send: Send): Promise<void> {
  const code = (text: string) => `exports.onExecutePostLogin = async (event, api) => { /* ${text} */ };`
  for (const name of ['Add roles', 'Check country']) {
    const { id } = await send('POST', 'actions/actions', {
      name,
      supported_triggers: POST_LOGIN,
      code: code(name),
      runtime: 'node22',
      dependencies: [{ name: 'lodash', version: '4.17.21' }],
      secrets: [{ name: 'API_KEY', value: 'sample-value' }],
    })
    await send('POST', `actions/actions/${String(id)}/deploy`)
  }
  await send('PATCH', 'actions/triggers/post-login/bindings', {
    bindings: ['Check country', 'Add roles'].map((value) => ({
      ref: { type: 'action_name', value },
      display_name: value,
    })),
  })
}

async function looks(send: Send): Promise<void> {
  await send('PATCH', 'branding', {
    colors: { primary: '#0059d6', page_background: '#000000' },
    logo_url: 'https://www.example.com/logo.png',
    favicon_url: 'https://www.example.com/favicon.ico',
  })
  await send('POST', 'branding/themes', THEME)
  await send('PATCH', 'prompts', { universal_login_experience: 'new', identifier_first: true })
  await send('PUT', 'prompts/login/custom-text/en', { login: { title: 'Welcome', description: 'Sign in' } })
  await send('PUT', 'prompts/signup/custom-text/de', { signup: { title: 'Willkommen' } })
  await send('POST', 'emails/provider', {
    name: 'smtp',
    enabled: true,
    default_from_address: 'noreply@example.com',
    credentials: { smtp_host: 'smtp.example.com', smtp_port: 587, smtp_user: 'sample', smtp_pass: 'sample-pass' },
  })
  for (const template of ['welcome_email', 'verify_email'])
    await send('POST', 'email-templates', {
      template,
      body: `<html><body>${template}</body></html>`,
      from: 'noreply@example.com',
      subject: `About ${template}`,
      syntax: 'liquid',
      enabled: true,
      urlLifetimeInSeconds: 432000,
      resultUrl: 'https://www.example.com/done',
    })
}

async function streams(made: Made): Promise<void> {
  await made('log-streams', {
    name: 'Log collector',
    type: 'http',
    sink: {
      httpEndpoint: 'https://logs.example.com/',
      httpContentType: 'application/json',
      httpContentFormat: 'JSONLINES',
      httpAuthorization: 'sample-token',
    },
    filters: [{ type: 'category', name: 'auth.login.fail' }],
  })
  await made('event-streams', {
    name: 'User events',
    subscriptions: [{ event_type: 'user.created' }, { event_type: 'user.deleted' }],
    destination: {
      type: 'webhook',
      configuration: {
        webhook_endpoint: 'https://events.example.com/',
        webhook_authorization: { method: 'bearer', token: 'sample-token' },
      },
    },
  })
}

async function safety(send: Send): Promise<void> {
  await send('PATCH', 'attack-protection/brute-force-protection', { enabled: true, max_attempts: 5 })
  await send('PATCH', 'attack-protection/suspicious-ip-throttling', { enabled: true })
  await send('PATCH', 'attack-protection/breached-password-detection', { enabled: true, shields: ['block'] })
  for (const [index, description] of ['Block one country', 'Log another'].entries())
    await send('POST', 'network-acls', {
      description,
      active: index === 0,
      priority: index + 1,
      rule: {
        action: index === 0 ? { block: true } : { log: true },
        match: { geo_country_codes: [index === 0 ? 'IMG' : 'US'] },
        scope: 'tenant',
      },
    })
  await send('PUT', 'guardian/factors/otp', { enabled: true })
  await send('PUT', 'guardian/factors/webauthn-roaming', { enabled: true })
  await send('PUT', 'guardian/policies', ['all-applications'])
  await send('PATCH', 'tenants/settings', {
    friendly_name: 'A rich tenant',
    support_email: 'help@example.com',
    session_lifetime: 72,
    idle_session_lifetime: 24,
    enabled_locales: ['en', 'de'],
    change_password: { enabled: true, html: '<html><body>Change it</body></html>' },
    guardian_mfa_page: { enabled: true, html: '<html><body>Second factor</body></html>' },
    error_page: { html: '<html><body>An error</body></html>', show_log_link: false, url: '' },
    flags: { disable_clickjack_protection_headers: false, enable_apis_section: true },
  })
}

async function profiles(send: Send, made: Made): Promise<void> {
  const { id } = await made('user-attribute-profiles', {
    name: 'Staff',
    user_id: { oidc_mapping: 'sub', saml_mapping: ['http://schemas.example.com/id'], scim_mapping: 'externalId' },
    user_attributes: {
      email: {
        description: 'Mail address',
        label: 'Mail',
        profile_required: true,
        auth0_mapping: 'email',
        oidc_mapping: { mapping: 'email' },
        scim_mapping: 'emails[primary eq true].value',
      },
    },
  })
  await made('self-service-profiles', {
    name: 'Partner setup',
    description: 'For partners',
    allowed_strategies: ['oidc', 'samlp'],
    user_attribute_profile_id: String(id),
    branding: { logo_url: 'https://www.example.com/logo.png', colors: { primary: '#112233' } },
  })
  await made('connection-profiles', {
    name: 'Partner connections',
    organization: { show_as_button: 'required', assign_membership_on_login: 'required' },
    connection_name_prefix_template: 'con-{org_id}',
    enabled_features: ['scim'],
  })
  const { id: action } = await send('POST', 'actions/actions', {
    name: 'Exchange',
    supported_triggers: [{ id: 'custom-token-exchange', version: 'v1' }],
    code: 'exports.onExecuteCustomTokenExchange = async () => {};',
    runtime: 'node22',
  })
  await send('POST', `actions/actions/${String(action)}/deploy`)
  await made('token-exchange-profiles', {
    name: 'Legacy tokens',
    subject_token_type: 'https://legacy.example.com/token',
    action_id: String(action),
    type: 'custom_authentication',
  })
}

const THEME: JsonObject = {
  displayName: 'Plain',
  borders: {
    button_border_radius: 3,
    button_border_weight: 1,
    buttons_style: 'rounded',
    input_border_radius: 3,
    input_border_weight: 1,
    inputs_style: 'pill',
    show_widget_shadow: true,
    widget_border_weight: 0,
    widget_corner_radius: 5,
  },
  colors: {
    base_focus_color: '#635dff',
    base_hover_color: '#000000',
    body_text: '#1e212a',
    captcha_widget_theme: 'auto',
    error: '#d03c38',
    header: '#1e212a',
    icons: '#65676e',
    input_background: '#ffffff',
    input_border: '#c9cace',
    input_filled_text: '#000000',
    input_labels_placeholders: '#65676e',
    links_focused_components: '#635dff',
    primary_button: '#635dff',
    primary_button_label: '#ffffff',
    read_only_background: '#f9f9fb',
    secondary_button_border: '#c9cace',
    secondary_button_label: '#1e212a',
    success: '#13a688',
    widget_background: '#ffffff',
    widget_border: '#c9cace',
  },
  fonts: {
    body_text: { bold: false, size: 87.5 },
    buttons_text: { bold: false, size: 100 },
    font_url: 'https://www.example.com/font.woff',
    input_labels: { bold: false, size: 100 },
    links: { bold: true, size: 87.5 },
    links_style: 'normal',
    reference_text_size: 16,
    subtitle: { bold: false, size: 87.5 },
    title: { bold: false, size: 150 },
  },
  page_background: {
    background_color: '#000000',
    background_image_url: 'https://www.example.com/back.png',
    page_layout: 'center',
  },
  widget: {
    header_text_alignment: 'center',
    logo_height: 52,
    logo_position: 'center',
    logo_url: 'https://www.example.com/logo.png',
    social_buttons_layout: 'bottom',
  },
}
