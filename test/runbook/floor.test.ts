import { expect, it } from 'vitest'
import { resolveSettings } from '../../src/session/connect/settings.ts'

const writes = (wanted: 'allow' | 'check' | 'deny' | undefined, floor: string | undefined) =>
  resolveSettings({ domain: 'tenant.example.com', ...(wanted && { writes: wanted }) }, { TENANTLAB_WRITES: floor })
    .writes

it.each([
  ['allow', undefined, 'allow'],
  ['allow', 'check', 'check'],
  [undefined, 'check', 'check'],
  ['deny', 'check', 'deny'],
  ['check', 'deny', 'deny'],
  ['check', 'allow', 'check'],
] as const)('with %s and the floor %s a session has %s', (wanted, floor, result) => {
  expect(writes(wanted, floor)).toBe(result)
})

it('refuses a floor that is none', () => {
  expect(() => writes('allow', 'none')).toThrow(/TENANTLAB_WRITES must be/)
})
