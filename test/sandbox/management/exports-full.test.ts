import { fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rows } from '../../../src/catalogue/index.ts'
import { type Sandbox, sandbox } from '../../../src/sandbox/index.ts'

let tenant: Sandbox
let token = ''

async function get(path: string): Promise<{ status: number; body: unknown; headers: Headers }> {
  const answer = await fetch(`https://${tenant.domain}/api/v2/${path}`, {
    dispatcher: tenant.options.dispatcher as never,
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), headers: answer.headers as never }
}

beforeAll(async () => {
  tenant = await sandbox({ seed: 'export', clock: 'fixed' })
  const answer = await fetch(`https://${tenant.domain}/oauth/token`, {
    method: 'POST',
    dispatcher: tenant.options.dispatcher as never,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: tenant.options.clientId,
      client_secret: tenant.options.clientSecret,
      audience: `https://${tenant.domain}/api/v2/`,
    }),
  })
  token = ((await answer.json()) as { access_token: string }).access_token
})
afterAll(() => tenant.close())

/** What an export of a whole tenant reads. */
const paths = [
  'rules rules-configs hooks clients tenants/settings resource-servers connections actions/actions actions/modules',
  'actions/triggers connections-directory-provisionings client-grants guardian/factors',
  'guardian/factors/sms/providers/twilio guardian/factors/push-notification/providers/sns guardian/policies',
  'guardian/factors/phone/selected-provider guardian/factors/phone/message-types roles branding',
  'branding/phone/providers branding/phone/templates custom-domains organizations attack-protection/bot-detection',
  'attack-protection/breached-password-detection attack-protection/brute-force-protection attack-protection/captcha',
  'attack-protection/suspicious-ip-throttling risk-assessments/settings risk-assessments/settings/new-device',
  'log-streams forms flows flows/vault/connections self-service-profiles network-acls user-attribute-profiles',
  'connection-profiles token-exchange-profiles supplemental-signals rate-limit-policies event-streams prompts',
  'prompts/login/custom-text/en prompts/login/partials prompts/rendering',
].flatMap((line) => line.split(' '))

describe('a full export', () => {
  it.each(paths)('finds GET /%s', async (path) => {
    expect((await get(path)).status).toBe(200)
  })

  it('finds nothing where a tenant has nothing yet', async () => {
    expect(await get('emails/provider')).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_email_provider' },
    })
    expect(await get('branding/themes/default')).toMatchObject({ status: 404, body: { errorCode: 'theme_not_found' } })
    expect(await get('email-templates/verify_email')).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_email_template' },
    })
    expect((await get('guardian/factors/sms/templates')).status).toBe(204)
  })

  it('wraps what deploy tools ask for with totals', async () => {
    const { body } = await get('clients?is_global=false&include_totals=true&page=0&per_page=100')
    expect(body).toMatchObject({ start: 0, limit: 100, total: 3 })
    const global = (await get('clients?is_global=true')).body as { global: boolean }[]
    expect(global.map((client) => client.global)).toEqual([true])
  })

  it('answers every list of the catalogue that needs no parameter, with its documented wrapper', async () => {
    const lists = rows().filter(
      (row) =>
        row.method === 'GET' && row.paging !== undefined && !row.path.includes('{') && row.id !== 'events.subscribe',
    )
    expect(lists.length).toBeGreaterThan(30)
    for (const row of lists) {
      const checkpoint = row.paging?.style === 'checkpoint' || row.paging?.style === 'both'
      const query = checkpoint ? '?take=2' : row.paging?.totals ? '?include_totals=true' : ''
      const user = row.id === 'refreshTokens.list' ? '&user_id=auth0%7C1' : ''
      const { body, status } = await get(`${row.path.slice('/api/v2/'.length)}${query}${user}`)
      expect({
        id: row.id,
        status,
        items: Array.isArray((body as Record<string, unknown>)[row.paging?.items ?? '']),
      }).toEqual({
        id: row.id,
        status: 200,
        items: true,
      })
    }
  })
})
