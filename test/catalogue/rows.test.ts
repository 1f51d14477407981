import { describe, expect, it } from 'vitest'
import { findRow, nearest, operationIds, row, rows } from '../../src/catalogue/index.ts'

const ids = (rule: (one: ReturnType<typeof rows>[number]) => boolean): string[] =>
  rows()
    .filter(rule)
    .map((one) => `${one.method} ${one.path}`)
    .sort()

describe('the catalogue', () => {
  it('has every documented operation, once', () => {
    const documented = rows().filter((one) => !one.added)
    expect(documented.filter((one) => one.api === 'management')).toHaveLength(491)
    expect(documented.filter((one) => one.api === 'authentication')).toHaveLength(31)
    expect(new Set(operationIds()).size).toBe(rows().length)
    expect(new Set(rows().map((one) => `${one.method} ${one.path}`)).size).toBe(rows().length)
    expect(rows().every((one) => row(one.id) === one)).toBe(true)
    expect(row('users.updat')).toBeUndefined()
  })

  it('adds what the documents lack, and marks it', () => {
    expect(ids((one) => one.added)).toEqual(['GET /.well-known/jwks.json', 'GET /.well-known/openid-configuration'])
  })

  it('marks what only recorded tenants know, and invents neither scope nor page for it', () => {
    const undocumented = rows().filter((one) => one.lifecycle === 'undocumented')
    expect(undocumented.map((one) => one.id)).toEqual([
      'blacklists.tokens.create',
      'blacklists.tokens.list',
      'eventStreams.stats.get',
      'guardian.factors.webauthnPlatform.get',
      'guardian.factors.webauthnPlatform.set',
      'guardian.factors.webauthnRoaming.get',
      'guardian.factors.webauthnRoaming.set',
      'prompts.mfaPush.get',
      'prompts.mfaPush.update',
    ])
    for (const one of undocumented) {
      expect(one.notes.join(), one.id).toMatch(/documents this operation nowhere/)
      expect(one.docs).toBe('https://auth0.com/docs/api/management/v2')
    }
    const unscoped = rows().filter((one) => one.api === 'management' && one.scopes.length === 0)
    expect(unscoped).toHaveLength(20)
    expect(unscoped.every((one) => one.docs === 'https://auth0.com/docs/api/management/v2')).toBe(true)
    expect(row('agents.read')).toMatchObject({ scopes: ['read:agents'], lifecycle: 'EA' })
    expect(row('organizations.clients.delete')?.body?.required).toBe(true)
  })

  it('keeps the custom-domain header on the rows of the page and of the document, and nowhere else', () => {
    expect(ids((one) => one.customDomain !== 'removed')).toEqual([
      'PATCH /api/v2/users/{id}',
      'POST /api/v2/branding/phone/templates/{id}/try',
      'POST /api/v2/guardian/enrollments/ticket',
      'POST /api/v2/jobs/users-imports',
      'POST /api/v2/jobs/verification-email',
      'POST /api/v2/organizations/{id}/invitations',
      'POST /api/v2/self-service-profiles/{id}/sso-ticket',
      'POST /api/v2/tickets/email-verification',
      'POST /api/v2/tickets/password-change',
      'POST /api/v2/users',
    ])
    expect(row('users.update')?.customDomain).toBe('user-update')
    expect(row('jobs.usersImports.create')?.notes.join()).toMatch(/header is kept/)
  })

  it('finds a row by a concrete path; literals beat parameters, and parameters are decoded', () => {
    expect(findRow('GET', '/api/v2/users/auth0%7C1')).toMatchObject({
      row: { id: 'users.get' },
      params: { id: 'auth0|1' },
    })
    expect(findRow('get', '/api/v2/custom-domains/default')?.row.id).toBe('customDomains.getDefault')
    expect(findRow('GET', '/api/v2/custom-domains/cd_1')?.row.id).toBe('customDomains.get')
    expect(findRow('POST', '/api/v2/jobs/users-imports')?.row.id).toBe('jobs.usersImports.create')
    expect(findRow('GET', '/api/v2/jobs/users-imports')?.row.id).toBe('jobs.get')
    expect(findRow('GET', '/api/v2/users?q=x')?.row.id).toBe('users.list')
    expect(findRow('DELETE', '/api/v2/users')).toBeUndefined()
    expect(findRow('GET', '/api/v2/users/')).toBeUndefined()
    expect(findRow('GET', '/api/v2/users/%')?.params).toEqual({ id: '%' })
    expect(findRow('POST', '/oauth/token')?.row.id).toBe('authentication.token')
  })

  it('finds every row by its own path', () => {
    for (const one of rows()) {
      const params = Object.fromEntries(one.parameters.map((place, index) => [place.name, `value ${index}/ä`]))
      const path = one.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(params[name] as string))
      expect(findRow(one.method, path), one.id).toMatchObject({ row: { id: one.id }, params })
    }
  })

  it('names twins that exist, are read with the same path, and are no lists', () => {
    const withTwin = rows().filter((one) => one.twin !== undefined)
    expect(withTwin.length).toBeGreaterThan(100)
    for (const one of withTwin) {
      const twin = row(one.twin as string)
      expect(twin?.method, one.id).toBe('GET')
      expect(twin?.parameters.length, one.id).toBe(one.parameters.length)
      expect(twin?.paging, one.id).toBeUndefined()
      expect(one.merge, one.id).toBeDefined()
    }
    expect(row('tenants.settings.update')).toMatchObject({ twin: 'tenants.settings.get', merge: 'assign' })
    expect(row('users.update')).toMatchObject({ twin: 'users.get', merge: 'assign-user' })
    expect(row('clients.update')).toMatchObject({ twin: 'clients.get', merge: 'assign-client' })
    expect(row('networkAcls.set')).toMatchObject({ twin: 'networkAcls.get', merge: 'replace' })
    expect(row('roles.permissions.delete')?.twin).toBeUndefined()
  })

  it('C27 says which reads rest on an index, how long it lags, and which operation reads the record itself', () => {
    for (const one of rows()) {
      if (one.reads === 'store') {
        expect([one.storeReads, one.settle], one.id).toEqual([undefined, undefined])
        continue
      }
      expect(one.effect, one.id).toBe('read')
      expect(one.settle, one.id).toBeGreaterThan(0)
      for (const id of one.storeReads ?? [])
        expect(row(id), `${one.id}: ${id}`).toMatchObject({ effect: 'read', reads: 'store' })
    }
    expect(row('users.list')).toMatchObject({
      reads: 'index',
      settle: 10_000,
      storeReads: ['users.listUsersByEmail', 'users.get'],
    })
    for (const id of ['organizations.members.list', 'organizations.invitations.list', 'logs.list', 'users.logs.list'])
      expect(row(id), id).toMatchObject({ reads: 'index', storeReads: [] })
    expect(row('organizations.discoveryDomains.list')?.storeReads).toEqual(['organizations.discoveryDomains.get'])
    for (const id of [
      'users.get',
      'users.listUsersByEmail',
      'clients.list',
      'organizations.invitations.get',
      'sessions.get',
    ])
      expect(row(id)?.reads, id).toBe('store')
    // What undo, drift and diff compare with is never an index.
    for (const { id, twin } of rows()) if (twin !== undefined) expect(row(twin)?.reads, id).toBe('store')
  })

  it('knows how a write is undone: what was created is deleted, what was changed is sent again as it was', () => {
    const inverseOf = (id: string) => row(id)?.inverse
    for (const one of rows()) {
      if (one.inverse === undefined) continue
      const other = row(one.inverse.operation)
      if (one.inverse.kind === 'delete') {
        const more = one.inverse.key === undefined ? 0 : 1
        expect(other, one.id).toMatchObject({ method: 'DELETE' })
        expect(other?.body, one.id).toBeUndefined()
        expect(other?.parameters, one.id).toHaveLength(one.parameters.length + more)
      } else expect([other?.twin, other?.id], one.id).toEqual([expect.any(String), one.id])
    }
    expect(inverseOf('users.create')).toEqual({ kind: 'delete', operation: 'users.delete', key: 'user_id' })
    expect(inverseOf('clients.create')).toMatchObject({ key: 'client_id' })
    expect(inverseOf('branding.themes.create')).toMatchObject({ key: 'themeId' })
    expect(inverseOf('emails.provider.create')).toEqual({ kind: 'delete', operation: 'emails.provider.delete' })
    expect(inverseOf('organizations.connections.create')).toMatchObject({ key: 'connection_id' })
    expect(inverseOf('networkAcls.set')).toEqual({ kind: 'restore', operation: 'networkAcls.set', hidden: [] })
    expect(inverseOf('users.update')).toMatchObject({ hidden: expect.arrayContaining(['password', 'verify_email']) })
    for (const id of [
      'users.get',
      'users.delete',
      'actions.deploy',
      'tickets.changePassword',
      'rulesConfigs.set',
      'roles.permissions.add',
    ])
      expect(inverseOf(id), id).toBeUndefined()
  })

  it('has the success statuses that recorded tenants answer where the document says others', () => {
    const statusesOf = (id: string) => row(id)?.statuses
    expect(statusesOf('resourceServers.update')).toEqual([200])
    expect(statusesOf('actions.deploy')).toEqual([200])
    expect(statusesOf('roles.permissions.delete')).toEqual([204])
    expect(statusesOf('networkAcls.delete')).toEqual([200])
    expect(statusesOf('organizations.invitations.create')).toEqual([201])
    // Later recordings agree with the document.
    expect(statusesOf('flows.create')).toEqual([201])
    expect(statusesOf('customDomains.verify')).toEqual([200])
  })

  it('classes retries by what sending twice would do', () => {
    const classOf = (id: string) => row(id)?.retry
    expect(classOf('users.get')).toBe('idempotent')
    expect(classOf('networkAcls.set')).toBe('idempotent')
    expect(classOf('users.update')).toBe('idempotent')
    expect(classOf('users.delete')).toBe('idempotent')
    expect(classOf('branding.phone.templates.reset')).toBe('unsafe')
    expect(classOf('authentication.token')).toBe('grant')
    const post = rows().filter((one) => one.method === 'POST' && one.id !== 'authentication.token')
    expect(post.every((one) => one.retry === 'unsafe')).toBe(true)
  })

  it('tells reads, writes and tokens apart', () => {
    const effectOf = (id: string) => row(id)?.effect
    expect(rows().every((one) => one.method !== 'GET' || one.effect === 'read')).toBe(true)
    expect(effectOf('authentication.token')).toBe('token')
    expect(effectOf('authentication.mfa.challenge')).toBe('token')
    expect(effectOf('authentication.mfa.associate')).toBe('write')
    expect(effectOf('authentication.database.signup')).toBe('write')
    expect(effectOf('clients.previewCimdMetadata')).toBe('read')
    expect(effectOf('users.update')).toBe('write')
  })

  it('pages each list by its own habits', () => {
    const pagingOf = (id: string) => row(id)?.paging
    expect(pagingOf('users.list')).toEqual({
      style: 'offset',
      items: 'users',
      totals: true,
      most: 100,
      reach: 1000,
      beyond: expect.stringContaining('auth0.jobs.usersExports.create'),
    })
    expect(pagingOf('eventStreams.list')).toMatchObject({ style: 'checkpoint', items: 'eventStreams' })
    expect(pagingOf('users.authenticationMethods.list')?.items).toBe('authenticators')
    expect(pagingOf('users.refreshToken.list')?.items).toBe('tokens')
    expect(pagingOf('connectionProfiles.list')?.most).toBe(10)
    expect(pagingOf('connections.clients.get')?.most).toBe(1000)
    expect(pagingOf('organizations.members.list')).toMatchObject({ style: 'both', reach: 1000 })
    expect(pagingOf('logs.list')?.style).toBe('logs')
    expect(pagingOf('events.subscribe')?.style).toBe('stream')
    expect(pagingOf('logStreams.list')).toBeUndefined()
    expect(pagingOf('stats.getDaily')).toBeUndefined()
    expect(rows().filter((one) => one.paging !== undefined && one.paging.style !== 'stream')).toHaveLength(80)
  })

  it('knows which server bucket an operation draws from', () => {
    const keyOf = (id: string) => row(id)?.rateKey
    expect(keyOf('users.list')).toBe('management.users.read')
    expect(keyOf('users.update')).toBe('management.users.write')
    expect(keyOf('users.delete')).toBe('management.users.delete')
    expect(keyOf('users.roles.list')).toBe('management')
    expect(keyOf('organizations.getByName')).toBe('management.organizations.byName')
    expect(keyOf('authentication.token')).toBe('authentication.token')
    expect(keyOf('authentication.mfa.associate')).toBe('authentication')
  })

  it('writes bodies as each endpoint takes them', () => {
    const encodingOf = (id: string) => row(id)?.body?.encoding
    for (const id of [
      'mfa.associate',
      'mfa.challenge',
      'database.signup',
      'database.changePassword',
      'passwordless.start',
    ]) {
      expect(encodingOf(`authentication.${id}`), id).toBe('json')
    }
    for (const id of ['token', 'revoke', 'par', 'device', 'backchannel'])
      expect(encodingOf(`authentication.${id}`), id).toBe('form')
    expect(encodingOf('jobs.usersImports.create')).toBe('multipart')
    expect(encodingOf('users.create')).toBe('json')
  })

  it('knows which bodies may be left out', () => {
    const requiredOf = (id: string) => row(id)?.body?.required
    expect(requiredOf('users.update')).toBe(true)
    expect(requiredOf('roles.permissions.delete')).toBe(true)
    expect(requiredOf('jobs.usersExports.create')).toBe(false)
    expect(requiredOf('connections.keys.rotate')).toBe(false)
    expect(requiredOf('users.authenticationMethods.set')).toBe(true)
  })

  it('knows the secrets of bodies and answers, and the links that carry a ticket', () => {
    expect(row('users.create')?.secretBody).toEqual(['password'])
    expect(row('clients.get')?.secretAnswer).toContain('client_secret')
    expect(row('clients.list')?.secretAnswer).toEqual(
      expect.arrayContaining(['*.client_secret', 'clients.*.client_secret', 'items.*.client_secret']),
    )
    expect(row('actions.create')?.secretBody).toEqual(['secrets.*.value'])
    expect(row('keys.networkAcls.create')?.secretBody).toEqual(['value'])
    expect(row('clients.get')?.secretAnswer).toContain('signing_keys.*.key')
    expect(row('clients.list')?.secretAnswer).toContain('clients.*.signing_keys.*.key')
    expect(row('authentication.token')?.secretBody).toEqual(
      expect.arrayContaining(['password', 'mfa_token', 'otp', 'client_secret']),
    )
    expect(row('authentication.token')?.secretAnswer).toEqual(
      expect.arrayContaining(['access_token', 'id_token', 'refresh_token', 'recovery_code']),
    )
    expect(row('authentication.mfa.associate')?.secretAnswer).toEqual([
      'barcode_uri',
      'oob_code',
      'recovery_codes.*',
      'secret',
    ])
    expect(row('connections.update')?.secretBody).toContain('options.client_secret')
    expect(row('tickets.changePassword')?.secretUrls).toEqual(['ticket'])
    expect(row('jobs.get')?.secretUrls).toEqual(['location'])
    const all = rows().flatMap((one) => [...one.secretBody, ...one.secretAnswer])
    for (const harmless of ['connection_id', 'client_id', 'token_lifetime', 'audience', 'code']) {
      const ending = new RegExp(`(^|\\.)${harmless}$`)
      expect(
        all.filter((path) => ending.test(path) && !(harmless === 'code' && path === 'code')),
        harmless,
      ).toEqual([])
    }
  })

  it('needs all scopes only where the document says so', () => {
    expect(
      rows()
        .filter((one) => one.allScopes)
        .map((one) => one.id),
    ).toEqual(['roles.users.list'])
    expect(row('roles.users.list')?.scopes).toEqual(['read:roles', 'read:users'])
    expect(row('jobs.get')?.scopes).toEqual(['create:users', 'read:users'])
  })

  it('keeps prose to short notes of its own', () => {
    for (const one of rows()) {
      expect(one.docs, one.id).toMatch(/^https:\/\/auth0\.com\/docs\/[a-z0-9./-]+$/)
      for (const note of one.notes) expect(note.length, `${one.id}: ${note}`).toBeLessThan(180)
    }
  })
})

describe('did you mean', () => {
  it('forgives case, dashes and underscores before anything else', () => {
    expect(nearest('perDay', ['per_hour', 'per_day'])).toBe('per_day')
    expect(nearest('NetworkAcls', ['networkAcls', 'logs'])).toBe('networkAcls')
  })

  it('counts swapped letters once and gives up where nothing is near', () => {
    expect(nearest('emial', ['name', 'email'])).toBe('email')
    expect(nearest('user_metdata', ['app_metadata', 'user_metadata'])).toBe('user_metadata')
    expect(nearest('zzz', ['email', 'name'])).toBeUndefined()
    expect(nearest('', ['email'])).toBeUndefined()
  })
})
