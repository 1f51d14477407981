import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseProfile, listProfiles, readProfile, removeProfile, storeProfile } from '../../src/profiles/index.ts'
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
    expect(systemKeyring(here)?.read('mine')).toBeUndefined()
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
