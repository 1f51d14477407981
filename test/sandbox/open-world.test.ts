import { describe, expect, it } from 'vitest'
import { manage, send, start } from './bench.ts'

describe('T1 sizes of pages', () => {
  it.each([
    ['/actions/actions?per_page=100', 200],
    ['/actions/modules?per_page=100', 200],
    ['/actions/triggers/post-login/bindings?per_page=100', 200],
    ['/clients?per_page=100', 200],
    ['/flows/vault/connections?per_page=100', 200],
    ['/clients?per_page=101', 400],
  ])('%s is %i', async (path, status) => {
    expect((await manage(await start(), 'GET', path)).status).toBe(status)
  })
})

describe('T2 patterns that are not valid with the flag u', () => {
  it('takes a theme with a font', async () => {
    const tenant = await start()
    const theme = {
      borders: {
        button_border_radius: 3,
        button_border_weight: 1,
        buttons_style: 'rounded',
        input_border_radius: 3,
        input_border_weight: 1,
        inputs_style: 'rounded',
        show_widget_shadow: true,
        widget_border_weight: 0,
        widget_corner_radius: 5,
      },
      colors: {
        body_text: '#1e212a',
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
        secondary_button_border: '#c9cace',
        secondary_button_label: '#1e212a',
        success: '#13a688',
        widget_background: '#ffffff',
        widget_border: '#c9cace',
      },
      fonts: {
        body_text: { bold: false, size: 87.5 },
        buttons_text: { bold: false, size: 100 },
        font_url: 'https://fonts.example.com/lab~1.woff2',
        input_labels: { bold: false, size: 100 },
        links: { bold: true, size: 87.5 },
        links_style: 'normal',
        reference_text_size: 16,
        subtitle: { bold: false, size: 87.5 },
        title: { bold: false, size: 150 },
      },
      page_background: {
        background_color: '#000000',
        background_image_url: 'https://images.example.com/b.png',
        page_layout: 'center',
      },
      widget: {
        header_text_alignment: 'center',
        logo_height: 52,
        logo_position: 'center',
        logo_url: 'https://images.example.com/logo.svg',
        social_buttons_layout: 'bottom',
      },
    }
    const made = await manage(tenant, 'POST', '/branding/themes', theme)
    expect(made.status).toBe(200)
    expect(made.body.themeId).toMatch(/^\w{32}$/)
    expect((await manage(tenant, 'GET', '/branding/themes/default')).body.themeId).toBe(made.body.themeId)
    const wrong = { ...theme, fonts: { ...theme.fonts, font_url: 'no url' } }
    expect((await manage(tenant, 'POST', '/branding/themes', wrong)).status).toBe(400)
  })

  it('takes and refuses name templates of connection profiles', async () => {
    const tenant = await start()
    const profile = (template: string) => ({ name: 'Profile', connection_name_prefix_template: template })
    expect((await manage(tenant, 'POST', '/connection-profiles', profile('con-{org_id}'))).status).toBe(201)
    expect((await manage(tenant, 'POST', '/connection-profiles', profile('con {other}'))).status).toBe(400)
  })
})

describe('T3 what the document does not name', () => {
  it('passes, is stored and is marked in the request list', async () => {
    const tenant = await start()
    const body = { name: 'Next year', newer_setting: { on: true } }
    const made = await manage(tenant, 'POST', '/clients?dry=1', body)
    expect(made.status).toBe(201)
    expect(made.body.newer_setting).toEqual({ on: true })
    expect(tenant.requests.at(-1)?.unknown).toEqual(['query.dry', 'newer_setting'])
    expect((await manage(tenant, 'GET', `/clients/${made.body.client_id}`)).body.newer_setting).toEqual({ on: true })
    expect(tenant.requests.at(-1)?.unknown).toBeUndefined()
  })

  it('is refused where that was asked for', async () => {
    const tenant = await start({ unknown: 'refuse' })
    expect((await manage(tenant, 'POST', '/clients', { name: 'x', newer_setting: 1 })).body).toMatchObject({
      errorCode: 'invalid_body',
      message: "Payload validation error: 'Additional properties not allowed: newer_setting'.",
    })
    expect((await manage(tenant, 'GET', '/roles?newer=1')).body.errorCode).toBe('invalid_query_string')
  })

  it('leaves the rules that are known', async () => {
    const tenant = await start()
    expect((await manage(tenant, 'POST', '/clients', { name: 7 })).status).toBe(400)
    expect((await manage(tenant, 'GET', '/users?per_page=-1')).status).toBe(400)
  })
})

describe('T5 query parameters', () => {
  it('takes a repeated parameter as a list', async () => {
    const tenant = await start()
    const names = async (query: string) =>
      (await manage(tenant, 'GET', `/connections?${query}`)).body.map((each: { strategy: string }) => each.strategy)
    expect(await names('strategy=auth0&strategy=sms')).toEqual(['auth0', 'sms'])
    expect(await names('strategy=sms&strategy=email')).toEqual(['sms', 'email'])
    expect(await names('strategy=email')).toEqual(['email'])
  })

  it('reads values by schemas that stand elsewhere', async () => {
    const tenant = await start()
    expect((await manage(tenant, 'GET', '/client-grants?allow_any_organization=true')).status).toBe(200)
    expect((await manage(tenant, 'GET', '/client-grants?allow_any_organization=perhaps')).status).toBe(400)
  })
})

describe('X9 searches with many wildcards', () => {
  it.each(['name:a*a*a*a*a*a*a*a*a*a*b', 'nickname:*aa*aa*aa*aa*aa*aa*c'])('%s is matched in one pass', async (q) => {
    const tenant = await start()
    const user = {
      connection: 'Username-Password-Authentication',
      email: 'a@example.com',
      password: 'Wild-Card-1234',
      name: 'a'.repeat(300),
      nickname: 'a'.repeat(300),
    }
    expect((await manage(tenant, 'POST', '/users', user)).status).toBe(201)
    const found = await manage(tenant, 'GET', `/users?search_engine=v3&q=${encodeURIComponent(q)}`)
    expect(found.body).toEqual([])
    const all = await manage(tenant, 'GET', `/users?search_engine=v3&q=${encodeURIComponent('name:a*a*a')}`)
    expect(all.body).toHaveLength(1)
  })
})

describe('X15 deep and large input', () => {
  const nested = (levels: number): object => {
    let value: object = {}
    for (let level = 0; level < levels; level += 1) value = { a: value }
    return value
  }

  it.each([
    ['PATCH', '/tenants/settings', { flags: nested(2000) }],
    ['POST', '/clients', { name: 'Deep', client_metadata: nested(1000) }],
    [
      'POST',
      '/log-streams',
      { name: 'Deep', type: 'http', sink: { httpEndpoint: 'https://x.example', a: nested(300) } },
    ],
  ])('%s %s refuses what is nested too deep, and goes on', async (method, path, body) => {
    const tenant = await start()
    expect((await manage(tenant, method, path, body)).status).toBe(400)
    expect((await manage(tenant, 'GET', '/tenants/settings')).status).toBe(200)
    expect(() => tenant.snapshot()).not.toThrow()
  })

  it('forgets the oldest requests where their bodies grow large', async () => {
    const tenant = await start()
    const form = { grant_type: 'none', padding: 'x'.repeat(7 * 1_048_576) }
    for (let count = 0; count < 8; count += 1)
      expect((await send(tenant, 'POST', '/oauth/token', { form })).status).toBeGreaterThanOrEqual(400)
    expect(tenant.requests.length).toBeLessThan(8)
    expect(tenant.requests.at(-1)?.path).toBe('/oauth/token')
  })
})
