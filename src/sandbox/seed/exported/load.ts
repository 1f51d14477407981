import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import type { SandboxSeed } from '../../types.ts'
import { extensionLoader, objectsOf, withoutValues } from './extensions.ts'
import type { Exported } from './read.ts'
import { type Send, sender } from './send.ts'

/**
 * Fills an empty tenant with an export of auth0-deploy-cli, by the operations of the Management API that the tool calls.
 * @returns what the tenant could not take, one sentence each
 */
export function loadExport(core: Core, seed: SandboxSeed, exported: Exported): readonly string[] {
  const refused: string[] = []
  const tell = (sentence: string): void => void refused.push(sentence)
  const send = sender(core, tell)
  const load = createLoader(core, seed, exported, send, tell)
  const extensions = extensionLoader(core, exported, send)
  load.settings()
  load.apis()
  load.clients()
  load.connections()
  load.grants()
  load.roles()
  extensions.modules()
  load.actions()
  load.profiles()
  load.organizations()
  load.looks()
  load.rest()
  extensions.hooksAndRules()
  extensions.flowsAndForms()
  extensions.phone()
  extensions.prompts()
  extensions.policies()
  for (const file of exported.unread()) tell(`${file}: the embedded tenant takes no such file.`)
  return refused
}

function createLoader(
  core: Core,
  seed: SandboxSeed,
  exported: Exported,
  send: Send,
  refused: (sentence: string) => void,
) {
  const ids = { clients: new Map<string, string>(), connections: new Map<string, string>() }
  for (const [id, { name }] of core.tables.clients) if (name !== undefined) ids.clients.set(name, id)
  for (const [id, { name }] of core.tables.connections) ids.connections.set(name, id)
  const idsOf = (names: Json | undefined): readonly string[] =>
    textsOf(names).flatMap((name) => ids.clients.get(name) ?? (core.tables.clients.has(name) ? [name] : []))
  /** An export names the modules of an action and the numbers of their versions. */
  const namedModules = (action: JsonObject): JsonObject => {
    if (action['modules'] === undefined) return action
    const known = [...(core.tables.others.get(MODULES)?.values() ?? [])]
    const modules = objectsOf(action['modules']).flatMap(({ module_name, module_version_number }) => {
      const id = known.find((one) => one['name'] === module_name)?.['id']
      const versions = [...(core.tables.others.get(`${MODULES}/${String(id)}/versions`)?.values() ?? [])]
      const version = versions.find((one) => one['version_number'] === module_version_number) ?? versions.at(-1)
      if (id !== undefined && version !== undefined) return [{ module_id: id, module_version_id: version['id'] ?? '' }]
      refused(`action ${String(action['name'])}: no published module ${String(module_name)}.`)
      return []
    })
    return { ...action, modules }
  }
  /** The audience of the Management API names the tenant that was exported. */
  const audienceOf = (audience: string): string =>
    /^https:\/\/[^/]+\/api\/v2\/$/.test(audience) ? `https://${core.domain}/api/v2/` : audience
  const each = (resource: string, id: string): void => {
    for (const record of exported.all(resource)) send(id, record)
  }
  const document = (file: string, id: string, params?: Readonly<Record<string, string>>): void => {
    const body = exported.one(file)
    if (body !== undefined && !isEmpty(body)) send(id, body, params)
  }

  return {
    settings() {
      document('tenant.json', 'tenants.settings.update')
      for (const { name, ...page } of exported.all('pages')) {
        const setting = PAGES[String(name)]
        if (setting !== undefined) send('tenants.settings.update', { [setting]: page })
        const global = [...core.tables.clients.values()].find((client) => client.global === true)
        if (name === 'login' && global !== undefined) {
          const login = { custom_login_page: page['html'] ?? '', custom_login_page_on: page['enabled'] === true }
          send('clients.update', login, { id: global.client_id })
        }
      }
    },
    apis() {
      for (const api of exported.all('resource-servers'))
        if (api['name'] !== 'Auth0 Management API') send('resourceServers.create', api)
    },
    clients() {
      for (const client of exported.all('clients')) {
        const name = String(client['name'])
        const known = ids.clients.get(name)
        const made =
          known === undefined ? send('clients.create', client) : send('clients.update', client, { id: known })
        if (made !== undefined) ids.clients.set(name, String(made['client_id']))
      }
    },
    connections() {
      const records = [...exported.all('database-connections'), ...exported.all('connections')]
      for (const { enabled_clients, ...connection } of records) {
        const name = String(connection['name'])
        const known = ids.connections.get(name)
        const body = { ...connection, enabled_clients: idsOf(enabled_clients) }
        const { name: _name, strategy: _strategy, ...change } = body as JsonObject
        const made =
          known === undefined ? send('connections.create', body) : send('connections.update', change, { id: known })
        if (made !== undefined) ids.connections.set(name, String(made['id']))
      }
    },
    grants() {
      for (const grant of exported.all('grants')) {
        const [client_id = ''] = idsOf([grant['client_id'] ?? ''])
        const own = client_id === seed.clients[0]?.client_id
        if (!own) send('clientGrants.create', { ...grant, client_id, audience: audienceOf(String(grant['audience'])) })
      }
    },
    roles() {
      for (const { permissions, ...role } of exported.all('roles')) {
        const made = send('roles.create', role)
        if (made !== undefined && Array.isArray(permissions) && permissions.length > 0)
          send('roles.permissions.add', { permissions }, { id: String(made['id']) })
      }
    },
    actions() {
      for (const { deployed, secrets, status: _status, ...action } of exported.all('actions')) {
        const made = send('actions.create', { ...namedModules(action), secrets: withoutValues(secrets) })
        if (made !== undefined && deployed === true) send('actions.deploy', undefined, { id: String(made['id']) })
      }
      const triggers = exported.one('triggers/triggers.json')
      for (const [triggerId, bound] of Object.entries(isJsonObject(triggers) ? triggers : {})) {
        const bindings = objectsOf(bound).map(({ action_name, display_name }) => ({
          ref: { type: 'action_name', value: String(action_name) },
          display_name: display_name ?? String(action_name),
        }))
        send('actions.triggers.bindings.updateMany', { bindings }, { triggerId })
      }
    },
    profiles() {
      each('user-attribute-profiles', 'userAttributeProfiles.create')
      each('connection-profiles', 'connectionProfiles.create')
      const found = (list: string, name: Json | undefined): Json | undefined =>
        [...(core.tables.others.get(list)?.values() ?? [])].find((record) => record['name'] === name)?.['id']
      for (const { user_attribute_profile_id: profile, ...rest } of exported.all('self-service-profiles')) {
        const id = found('/api/v2/user-attribute-profiles', profile)
        send('selfServiceProfiles.create', id === undefined ? rest : { ...rest, user_attribute_profile_id: id })
      }
      for (const { action, ...rest } of exported.all('token-exchange-profiles'))
        send('tokenExchangeProfiles.create', { ...rest, action_id: found('/api/v2/actions/actions', action) ?? '' })
    },
    organizations() {
      for (const record of exported.all('organizations')) {
        const { client_grants: grants, clients, connections, discovery_domains: domains, ...rest } = record
        const id = send('organizations.create', rest)?.['id']
        if (typeof id !== 'string') continue
        for (const { name, connection_id: _id, is_enabled: _enabled, ...settings } of objectsOf(connections)) {
          const connection_id = ids.connections.get(String(name))
          if (connection_id === undefined)
            refused(`organization ${String(rest['name'])}: no connection ${String(name)}.`)
          else send('organizations.enabledConnections.add', { connection_id, ...settings }, { id })
        }
        for (const { audience, client_id } of objectsOf(grants)) {
          const [client = ''] = idsOf([client_id ?? ''])
          const grant = core.tables.clientGrants
            .where('client_id', client)
            .find((one) => one.audience === audienceOf(String(audience)))
          if (grant === undefined) refused(`organization ${String(rest['name'])}: no grant of ${String(client_id)}.`)
          else send('organizations.clientGrants.create', { grant_id: grant.id }, { id })
        }
        const used = objectsOf(clients).flatMap(({ client_id }) => idsOf([client_id ?? '']))
        if (used.length > 0)
          send('organizations.clients.create', { clients: used.map((client_id) => ({ client_id })) }, { id })
        for (const { domain, status } of objectsOf(domains))
          send('organizations.discoveryDomains.create', { domain: domain ?? '', status: status ?? 'pending' }, { id })
      }
    },
    looks() {
      document('branding/branding.json', 'branding.update')
      each('themes', 'branding.themes.create')
      document('prompts/prompts.json', 'prompts.updateSettings')
      const texts = exported.one('prompts/custom-text.json')
      for (const [language, prompts] of Object.entries(isJsonObject(texts) ? texts : {}))
        for (const [prompt, body] of Object.entries(isJsonObject(prompts) ? prompts : {}))
          send('prompts.customText.set', body, { prompt, language })
      for (const record of exported.all('emails')) {
        const { name, template } = record
        if (template !== undefined) send('emailTemplates.create', record)
        else if (name !== undefined) send('emails.provider.create', record)
      }
    },
    rest() {
      each('log-streams', 'logStreams.create')
      each('event-streams', 'eventStreams.create')
      each('network-acls', 'networkAcls.create')
      for (const [file, id] of Object.entries(DOCUMENTS)) document(file, id)
      for (const { enabled, name } of exported.all('guardian/factors'))
        send('guardian.factors.set', { enabled: enabled === true }, { name: String(name) })
      const policies = exported.one('guardian/policies.json')
      if (isJsonObject(policies)) send('guardian.policies.set', policies['policies'])
      for (const domain of objectsOf(exported.one('custom-domains/custom-domains.json'))) {
        const { domain: name, type } = domain
        send('customDomains.create', { domain: name ?? '', type: type ?? 'auth0_managed_certs' })
      }
    },
  }
}

const MODULES = '/api/v2/actions/modules'

/** Settings of the tenant that hold a page, by the name that the tool gives the page. */
const PAGES: Readonly<Record<string, string>> = {
  error_page: 'error_page',
  guardian_multifactor: 'guardian_mfa_page',
  password_reset: 'change_password',
}

const DOCUMENTS: Readonly<Record<string, string>> = {
  'attack-protection/bot-detection.json': 'attackProtection.botDetection.update',
  'attack-protection/breached-password-detection.json': 'attackProtection.breachedPasswordDetection.update',
  'attack-protection/brute-force-protection.json': 'attackProtection.bruteForceProtection.update',
  'attack-protection/suspicious-ip-throttling.json': 'attackProtection.suspiciousIpThrottling.update',
  'supplemental-signals.json': 'supplementalSignals.patch',
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function isEmpty(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0
}
