import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  chooseProfile,
  listProfiles,
  type Profile,
  readProfile,
  removeProfile,
  storeProfile,
} from '../../src/profiles/index.ts'
import { systemKeyring } from '../../src/profiles/keyring.ts'
import { replaceRefreshToken } from '../../src/profiles/profile-store.ts'
import { resolveSettings } from '../../src/session/connect/settings.ts'

const home = mkdtempSync(join(tmpdir(), 'tenantlab-profiles-'))
afterAll(() => rmSync(home, { recursive: true }))

let count = 0
/** A machine without a keyring. */
function machine(): Record<string, string> {
  return { XDG_CONFIG_HOME: join(home, `config-${++count}`), PATH: join(home, 'nothing') }
}

/** A machine whose secret-tool keeps secrets in a folder, or refuses them. */
function machineWithKeyring(works = true): Record<string, string> {
  const folder = join(home, `keyring-${++count}`)
  mkdirSync(folder)
  const script = works
    ? `case "$1" in store) cat > "${folder}/$6" ;; lookup) cat "${folder}/$5" ;; clear) rm "${folder}/$5" ;; esac`
    : 'exit 1'
  writeFileSync(join(folder, 'secret-tool'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'secret-tool'), 0o755)
  return { ...machine(), PATH: `${folder}:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }
}

const profile = { domain: 'my-tenant.eu.auth0.com', clientId: 'client', clientSecret: 'canary-secret' } as const

function content(environment: Record<string, string>): string {
  return readFileSync(join(environment.XDG_CONFIG_HOME ?? '', 'tenantlab', 'profiles.json'), 'utf8')
}

describe('stored tenants', () => {
  it('keep their secret in a file of mode 0600, with a warning, where there is no keyring', () => {
    const here = machine()
    const { path, keyring, warning } = storeProfile('mine', { ...profile, environment: 'production' }, here)
    expect(keyring).toBeUndefined()
    expect(warning).toContain('0600')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readProfile('mine', here, true)).toEqual({ ...profile, environment: 'production', profile: 'mine' })
    expect(resolveSettings({}, here)).toMatchObject({
      environment: 'production',
      client: { clientSecret: 'canary-secret' },
    })
  })

  it('keep their secret in the keyring where there is one, and nowhere else', () => {
    const here = machineWithKeyring()
    expect(storeProfile('mine', profile, here)).toMatchObject({ keyring: 'the system keyring' })
    expect(content(here)).not.toContain('canary')
    expect(readProfile('mine', here, true)).toMatchObject({ clientSecret: 'canary-secret' })
    removeProfile('mine', here)
    expect(systemKeyring(here)?.read('mine:clientSecret')).toBeUndefined()
    expect(listProfiles(here)).toEqual([])
  })

  it('fall back on the file where the keyring refuses, and say so', () => {
    const here = machineWithKeyring(false)
    expect(storeProfile('mine', profile, here).warning).toContain('not encrypted')
    expect(readProfile('mine', here, true)).toMatchObject({ clientSecret: 'canary-secret' })
  })

  it('tell when the keyring no longer gives the secret', () => {
    const here = machineWithKeyring()
    storeProfile('mine', profile, here)
    expect(() => readProfile('mine', { ...here, DBUS_SESSION_BUS_ADDRESS: '' }, true)).toThrowError(
      /keyring, which does not give it/,
    )
  })

  it('are listed without secrets; the first is chosen, another can be', () => {
    const here = machine()
    storeProfile('one', profile, here)
    storeProfile('two', { domain: 'two.eu.auth0.com', clientId: 'c', refreshToken: 'canary-refresh' }, here)
    expect(JSON.stringify(listProfiles(here))).not.toContain('canary')
    expect(listProfiles(here)).toMatchObject([
      { name: 'one', chosen: true, login: 'client credentials', secret: 'file' },
      { name: 'two', chosen: false, login: 'device', secret: 'file' },
    ])
    chooseProfile('two', here)
    expect(readProfile('default', here, true)).toMatchObject({
      domain: 'two.eu.auth0.com',
      refreshToken: 'canary-refresh',
    })
    expect(resolveSettings({}, here).userLogin).toEqual({ profile: 'two', refreshToken: 'canary-refresh' })
    replaceRefreshToken('two', 'canary-next', here)
    expect(readProfile('two', here, true)).toMatchObject({ refreshToken: 'canary-next' })
    removeProfile('two', here)
    expect(readProfile('default', here, false)).toBeUndefined()
  })

  it('refuse names and members that cannot be', () => {
    const here = machine()
    for (const name of ['', 'default', '-x', 'a b', '__proto__']) {
      expect(() => storeProfile(name, profile, here), name).toThrowError(/cannot be the name/)
    }
    storeProfile('mine', profile, here)
    expect(() => chooseProfile('mien', here)).toThrowError(/Known: mine/)
    writeFileSync(
      join(here.XDG_CONFIG_HOME ?? '', 'tenantlab', 'profiles.json'),
      '{"a":{"domain":"d.example.com","environment":"prod"}}',
    )
    expect(() => readProfile('a', here, true)).toThrowError(/production, staging, development/)
  })
})

describe('R52 every secret of a profile', () => {
  const key = '-----BEGIN PRIVATE KEY-----\ncanary+key/line=\nsecond\n-----END PRIVATE KEY-----\n'

  it.each<[string, Profile]>([
    ['a client secret beside a refresh token', { ...profile, refreshToken: 'canary-refresh' }],
    ['a client secret beside an access token', { ...profile, accessToken: 'canary-access' }],
    ['a private key', { domain: profile.domain, clientId: 'c', privateKey: key, keyId: 'kid-1' }],
    ['all of them', { ...profile, refreshToken: 'canary-r', accessToken: 'canary-a', privateKey: key }],
  ])('lies in the keyring, and none in the file: %s', (_, given) => {
    const here = machineWithKeyring()
    expect(storeProfile('mine', given, here).warning).toBeUndefined()
    expect(content(here)).not.toContain('canary')
    expect(readProfile('mine', here, true)).toEqual({ ...given, profile: 'mine' })
    expect(listProfiles(here)).toMatchObject([{ name: 'mine', secret: 'keyring' }])
    removeProfile('mine', here)
    for (const secret of ['clientSecret', 'refreshToken', 'accessToken', 'privateKey'])
      expect(systemKeyring(here)?.read(`mine:${secret}`), secret).toBeUndefined()
  })

  it('makes a session of an application that has a private key', () => {
    const here = machineWithKeyring()
    storeProfile('mine', { domain: profile.domain, clientId: 'c', privateKey: key, keyAlgorithm: 'ES256' }, here)
    expect(resolveSettings({ profile: 'mine' }, here).client).toEqual({
      clientId: 'c',
      clientAssertion: { key, alg: 'ES256' },
    })
  })

  it('is renewed in its own place', () => {
    const here = machineWithKeyring()
    storeProfile('mine', { ...profile, refreshToken: 'canary-1' }, here)
    replaceRefreshToken('mine', 'canary-2', here)
    expect(readProfile('mine', here, true)).toMatchObject({ clientSecret: 'canary-secret', refreshToken: 'canary-2' })
    storeProfile('mine', profile, here)
    expect(readProfile('mine', here, true)).toEqual({ ...profile, profile: 'mine' })
    expect(systemKeyring(here)?.read('mine:refreshToken')).toBeUndefined()
  })

  it('of earlier versions is read, and moves when a tenant is stored', () => {
    const here = machineWithKeyring()
    const path = join(here.XDG_CONFIG_HOME ?? '', 'tenantlab', 'profiles.json')
    mkdirSync(join(path, '..'), { recursive: true })
    const earlier = {
      default: 'person',
      person: {
        domain: 'a.example.com',
        clientId: 'c',
        clientSecret: 'canary-beside',
        login: 'device',
        secretIn: 'keyring',
      },
      app: { domain: 'b.example.com', clientId: 'c', secretIn: 'keyring' },
      plain: { domain: 'c.example.com', clientId: 'c', clientSecret: 'canary-plain' },
    }
    writeFileSync(path, JSON.stringify(earlier), { mode: 0o600 })
    const keyring = systemKeyring(here)
    keyring?.write('person', 'canary-person')
    keyring?.write('app', 'canary-app')
    const expected = () => {
      const read = (name: string) => readProfile(name, here, true)
      expect(read('person')).toMatchObject({ refreshToken: 'canary-person', clientSecret: 'canary-beside' })
      expect(read('app')).toMatchObject({ clientSecret: 'canary-app' })
      expect(read('plain')).toMatchObject({ clientSecret: 'canary-plain' })
    }
    expected()
    storeProfile('mine', profile, here)
    expected()
    expect(content(here)).not.toMatch(/canary|secretIn/)
    expect(keyring?.read('person')).toBeUndefined()
    expect(keyring?.read('app')).toBeUndefined()
    expect(JSON.parse(content(here)).default).toBe('person')
  })

  it('stays where it is when the keyring no longer takes it', () => {
    const here = machineWithKeyring(false)
    storeProfile('one', { ...profile, refreshToken: 'canary-r' }, here)
    storeProfile('two', profile, here)
    expect(readProfile('one', here, true)).toMatchObject({ clientSecret: 'canary-secret', refreshToken: 'canary-r' })
  })

  it.each(['win32', 'linux'])('lies in the keyring that @napi-rs/keyring reaches on %s', (platform) => {
    const kept = new Map<string, string>()
    const Entry = class {
      readonly #at: string
      constructor(service: string, account: string, options?: object) {
        this.#at = `${service} ${account} ${JSON.stringify(options ?? {})}`
      }
      getPassword = () => kept.get(this.#at) ?? null
      setPassword = (secret: string) => void kept.set(this.#at, secret)
      deletePassword = () => kept.delete(this.#at)
    }
    const keyring = systemKeyring({ PATH: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' }, platform, { Entry })
    keyring?.write('mine:privateKey', key)
    expect(keyring?.read('mine:privateKey')).toBe(key)
    expect([...kept.keys()].join()).toContain(platform === 'win32' ? 'tenantlab mine:privateKey {}' : 'secret-service')
    keyring?.remove('mine:privateKey')
    expect(keyring?.read('mine:privateKey')).toBeUndefined()
    expect(systemKeyring({ PATH: '' }, platform, null)).toBeUndefined()
    const broken = class {
      getPassword = () => {
        throw new Error('locked')
      }
      setPassword = this.getPassword
      deletePassword = this.getPassword
    }
    const locked = systemKeyring({ PATH: '', DBUS_SESSION_BUS_ADDRESS: 'x' }, platform, { Entry: broken as never })
    expect(locked?.read('mine')).toBeUndefined()
    expect(() => locked?.write('mine', 'x')).toThrowError(/did not take the secret/)
  })

  it('is named, with the package that would keep it, where there is no keyring', () => {
    expect(storeProfile('mine', profile, machine()).warning).toMatch(/npm install @napi-rs\/keyring/)
  })
})
