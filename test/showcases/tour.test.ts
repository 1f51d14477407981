import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { tourFlows } from '../../src/cli/tour/index.ts'

const root = join(import.meta.dirname, '..', '..')
const command = join(root, 'dist', 'cli.js')
const run = promisify(execFile)

async function tenantlab(...args: string[]): Promise<string> {
  const child = run(process.execPath, [command, ...args], { cwd: root, maxBuffer: 1 << 26 })
  child.child.stdin?.end()
  return (await child).stdout
}

describe('the tour', () => {
  it('runs every documented flow on the embedded tenant, and says so in one JSON line each', async () => {
    const lines = (await tenantlab('tour', '--json')).trim().split('\n')
    const results = lines.map((line) => JSON.parse(line) as { flow: string; status: string; requests: number })
    expect(results.map((result) => result.flow)).toEqual(tourFlows.map((flow) => flow.flow))
    for (const { flow, status, requests } of results) {
      expect(status, flow).toBe('ok')
      expect(requests, flow).toBeGreaterThan(0)
    }
  })

  it('shows plans and results without a secret', async () => {
    const text = await tenantlab('start')
    expect(text).toContain(`All flows ok: ${tourFlows.length} of ${tourFlows.length}`)
    expect(text).toContain('Nothing has been sent')
    // A JSON Web Token, an mfa token, and the code in a message or an authenticator's address.
    expect(text).not.toMatch(/eyJ[\w-]{20}/)
    expect(text).not.toMatch(/Fe26\.2/)
    expect(text).not.toMatch(/otpauth:\/\/\S*secret=/)
    expect(text).not.toMatch(/[?&]ticket=/)
  })

  it('prints the same twice', async () => {
    const [once, again] = await Promise.all([
      tenantlab('tour', 'quota-tenant', 'job-errors'),
      tenantlab('tour', 'quota-tenant', 'job-errors'),
    ])
    expect(again).toBe(once)
  })

  it('runs the flows that are named, and knows a misspelt one', async () => {
    expect(await tenantlab('tour', 'client-credentials', '--json')).toMatch(
      /^\{"flow":"client-credentials","status":"ok"/,
    )
    await expect(tenantlab('tour', 'client-credential')).rejects.toThrow(/Did you mean "client-credentials"/)
  })

  it('covers every call of the documented page', () => {
    const covered = new Set(tourFlows.flatMap((flow) => flow.calls).map((call) => call.replace(/[^A-Za-z.]/g, '')))
    const calls = [
      'GetTokenAsync(ClientCredentialsTokenRequest)',
      'GetTokenAsync(ResourceOwnerTokenRequest)',
      'AssociateMfaAuthenticatorAsync',
      'GetTokenAsync(MfaOobTokenRequest)',
      'GetTokenAsync(MfaOtpTokenRequest)',
      'GetTokenAsync(MfaRecoveryCodeRequest)',
      'MfaChallenge(MfaChallengeRequest)',
      'ListMfaAuthenticatorsAsync',
      'DeleteMfaAuthenticatorAsync',
      'Users.ListAsync',
      'Tenants.Settings.UpdateAsync(DefaultTokenQuota)',
      'Clients.UpdateAsync(TokenQuota)',
      'Organizations.UpdateAsync(TokenQuota)',
      'Jobs.Errors.GetAsync',
      'NetworkAcls.CreateAsync',
      'NetworkAcls.ListAsync',
      'NetworkAcls.GetAsync',
      'NetworkAcls.UpdateAsync',
      'NetworkAcls.SetAsync',
      'Tickets.VerifyEmailAsync',
      'Organizations.Invitations.CreateAsync',
    ]
    for (const call of calls) expect(covered, call).toContain(call.replace(/[^A-Za-z.]/g, ''))
  })
})

describe('the page of the flows', () => {
  it('lists exactly the flows that the tour runs', () => {
    const text = readFileSync(join(root, 'docs', 'flows.md'), 'utf8')
    for (const { documented } of tourFlows) expect(text).toContain(documented.replaceAll('|', '\\|'))
  })
})
