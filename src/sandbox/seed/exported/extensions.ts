import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import type { Exported } from './read.ts'
import type { Send } from './send.ts'

/** What is loaded of an export beside applications, connections, people's roles and organizations. */
export interface ExtensionLoader {
  /** Modules come before the actions that use them. */
  modules(): void
  hooksAndRules(): void
  flowsAndForms(): void
  phone(): void
  prompts(): void
  policies(): void
}

export function extensionLoader(core: Core, exported: Exported, send: Send): ExtensionLoader {
  const document = (file: string, id: string): void => {
    const body = exported.one(file)
    if (isJsonObject(body) && Object.keys(body).length > 0) send(id, body)
  }
  /** Ids of the records of a list, by name: an export names what a tenant knows by id. */
  const idsOf = (list: string): ReadonlyMap<string, string> =>
    new Map([...(core.tables.others.get(list)?.values() ?? [])].map((one) => [String(one['name']), String(one['id'])]))

  return {
    modules() {
      for (const record of exported.all('action-modules')) {
        const { actions_using_module_total: _users, all_changes_published: published, ...rest } = record
        const { latest_version_number: _latest, secrets, ...module } = rest as JsonObject
        const made = send('actions.modules.create', { ...module, secrets: withoutValues(secrets) })
        if (made !== undefined && published === true)
          send('actions.modules.versions.create', undefined, { id: String(made['id']) })
      }
    },
    hooksAndRules() {
      for (const { secrets, ...hook } of exported.all('hooks')) {
        const made = send('hooks.create', hook)
        if (made !== undefined && isJsonObject(secrets) && Object.keys(secrets).length > 0)
          send('hooks.secrets.create', secrets, { id: String(made['id']) })
      }
      for (const rule of exported.all('rules')) send('rules.create', rule)
      for (const { key, value } of exported.all('rules-configs'))
        send('rulesConfigs.set', { value: value ?? '' }, { key: String(key) })
    },
    flowsAndForms() {
      for (const { account_name: _account, ready: _ready, ...connection } of exported.all('flow-vault-connections'))
        send('flows.vault.connections.create', connection)
      const vaults = idsOf('/api/v2/flows/vault/connections')
      for (const flow of exported.all('flows')) send('flows.create', renamed(flow, 'connection_id', vaults))
      const flows = idsOf('/api/v2/flows')
      for (const form of exported.all('forms')) send('forms.create', renamed(form, 'flow_id', flows))
    },
    phone() {
      for (const provider of objectsOf(exported.one('phone-providers/provider.json')))
        send('branding.phone.providers.create', provider)
      for (const template of exported.all('phone-templates')) send('branding.phone.templates.create', template)
      document('guardian/phoneFactorMessageTypes.json', 'guardian.factors.phone.setMessageTypes')
      document('guardian/phoneFactorSelectedProvider.json', 'guardian.factors.phone.setProvider')
      for (const { name, ...texts } of exported.all('guardian/templates')) {
        const id = FACTOR_TEMPLATES[String(name)]
        if (id !== undefined) send(id, texts)
      }
      for (const { name, provider, ...settings } of exported.all('guardian/providers')) {
        const id = FACTOR_PROVIDERS[`${String(name)} ${String(provider)}`]
        if (id !== undefined) send(id, settings)
      }
    },
    prompts() {
      const partials = exported.one('prompts/partials.json')
      for (const [prompt, screens] of Object.entries(isJsonObject(partials) ? partials : {})) {
        const parts = objectsOf(screens).flatMap((screen) =>
          Object.entries(screen).map(([name, points]) => [
            name,
            Object.fromEntries(
              objectsOf(points).map((point) => [
                String(point['name']),
                exported.text(`prompts/${String(point['template'])}`) ?? '',
              ]),
            ),
          ]),
        )
        send('prompts.partials.set', Object.fromEntries(parts), { prompt })
      }
      for (const { prompt, screen, ...settings } of exported.all('prompts/screenRenderSettings'))
        send('prompts.rendering.update', settings, { prompt: String(prompt), screen: String(screen) })
      for (const { body, template } of exported.all('branding/templates'))
        if (template === 'universal_login') send('branding.templates.updateUniversalLogin', { template: body ?? '' })
    },
    policies() {
      for (const policy of exported.all('rate-limit-policies')) send('rateLimitPolicies.create', policy)
      document('attack-protection/captcha.json', 'attackProtection.captcha.update')
      document('attack-protection/phone-provider-protection.json', 'attackProtection.phoneProviderProtection.patch')
      const risk = exported.one('risk-assessment/settings.json')
      if (!isJsonObject(risk)) return
      const { new_device: device, settings } = risk
      if (isJsonObject(settings)) send('riskAssessments.settings.update', settings)
      if (isJsonObject(device)) send('riskAssessments.settings.newDevice.update', device)
    },
  }
}

const FACTOR_TEMPLATES: Readonly<Record<string, string>> = {
  phone: 'guardian.factors.phone.setTemplates',
  sms: 'guardian.factors.sms.setTemplates',
}

const FACTOR_PROVIDERS: Readonly<Record<string, string>> = {
  'phone twilio': 'guardian.factors.phone.setTwilioProvider',
  'sms twilio': 'guardian.factors.sms.setTwilioProvider',
  'push-notification apns': 'guardian.factors.pushNotification.setApnsProvider',
  'push-notification fcm': 'guardian.factors.pushNotification.setFcmProvider',
  'push-notification sns': 'guardian.factors.pushNotification.setSnsProvider',
}

/** Secrets as they are sent: an export has their names alone. */
export function withoutValues(secrets: Json | undefined): readonly JsonObject[] {
  return objectsOf(secrets).map(({ name }) => ({ name: String(name), value: '' }))
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

/** A record whose members of a name say an id where they said a name, at every depth. */
function renamed(record: JsonObject, member: string, ids: ReadonlyMap<string, string>): JsonObject {
  const within = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(within)
    if (!isJsonObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        name === member && typeof each === 'string' ? (ids.get(each) ?? each) : within(each),
      ]),
    )
  }
  return within(record) as JsonObject
}
