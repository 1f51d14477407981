import { describe, expect, it } from 'vitest'
import { fieldsOf, row, type WordRow, wordRow, wordRows } from '../../src/catalogue/index.ts'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({ domain: 'tenant.example.com', clientId: 'c', clientSecret: 'canary-secret' })

/** A value that the field takes. */
function sampleOf({ name, type, secret, values, sample }: ReturnType<typeof fieldsOf>[number]): unknown {
  if (secret) return `canary-${name}`
  if (name === 'clientAssertion') return undefined
  if (values.length > 0) return values[0]
  if (type === 'number') return 7
  if (type.endsWith('string[]')) return ['x']
  if (type.startsWith('{')) return { x: 'y' }
  return sample ?? `value of ${name}`
}

/** The word itself, by its path. */
function called(path: string, ...args: readonly unknown[]): { readonly data: Record<string, unknown> } {
  const steps = path.split('.')
  let target: unknown = auth0
  for (const step of steps.slice(0, -1)) {
    const name = step.replace('()', '')
    target = (target as Record<string, unknown>)[name]
    if (step.endsWith('()')) target = (target as (token: string) => unknown)('header.payload.signature')
  }
  const last = steps.at(-1) as string
  return (target as Record<string, (...args: readonly unknown[]) => never>)[last]?.(...args) as never
}

const withFields = wordRows().filter(
  ({ path, fields, operation }) =>
    fields !== undefined && operation?.startsWith('authentication.') && path !== 'register',
)

describe('the rows of the words', () => {
  it('are there for every word, each with what help needs', () => {
    expect(wordRows().length).toBeGreaterThan(40)
    for (const word of wordRows()) {
      expect(word.says, word.path).toMatch(/^[A-Z].*[.]$/)
      expect(word.docs, word.path).toMatch(/^https:\/\/auth0\.com\/docs\//)
      expect(word.example, word.path).toMatch(/^auth0\./)
      if (word.operation !== undefined) expect(row(word.operation), word.path).toBeDefined()
      for (const field of [...(word.fields ?? []), ...word.args]) expect(field.says, field.name).toMatch(/\.$/)
    }
    expect(wordRow('login.nothing')).toBeUndefined()
    expect(fieldsOf('login.nothing')).toEqual([])
  })

  it('tell completion the fields of a word, what each is, and the application last', () => {
    const names = fieldsOf('login.password').map(({ name }) => name)
    expect(names.slice(0, 3)).toEqual(['username', 'password', 'realm'])
    expect(names.slice(-3)).toEqual(['clientId', 'clientSecret', 'clientAssertion'])
    expect(fieldsOf('passwordless.email').find(({ name }) => name === 'send')?.values).toEqual(['code', 'link'])
    expect(fieldsOf('clients().quota').map(({ name, wire }) => [name, wire])).toEqual([
      ['perDay', 'per_day'],
      ['perHour', 'per_hour'],
      ['enforce', 'enforce'],
    ])
  })

  it.each(withFields.map((word) => [word.path, word] as const))(
    'give %s its wire names and keep its secrets',
    (path, word) => {
      const fields = (word as WordRow).fields ?? []
      const given = Object.fromEntries(
        fields
          .filter(({ name }) => !(path === 'login.passwordless' && name === 'phoneNumber'))
          .map((field) => [field.name, sampleOf(field)] as const)
          .filter(([, value]) => value !== undefined),
      )
      const { data } = called(path, given)
      const body = data.body as Record<string, unknown>
      for (const { name, wire, in: place, secret, slot } of fields) {
        if (place !== 'body') continue
        expect(Object.keys(body), name).toContain(wire)
        if (secret) expect(body[wire]).toEqual({ $secret: slot ?? wire })
      }
      expect(JSON.stringify(data)).not.toContain('canary')
      expect(data.op).toBe((word as WordRow).operation)
    },
  )

  it.each(withFields.map(({ path, fields }) => [path, fields ?? []] as const))(
    'refuse a slip in a name of %s, and say the right one',
    (path, fields) => {
      for (const { name } of fields) {
        for (const slip of [`${name}x`, name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]) {
          if (fields.some((field) => field.name === slip)) continue
          expect(() => called(path, { [slip]: 'x' }), slip).toThrow(`Did you mean "${name}"?`)
        }
      }
    },
  )

  it.each([
    ['login.clientCredentials', { scope: ['read:users'] }, /needs "scope" as text; it got a list/],
    ['device.start', { audience: 5 }, /needs "audience" as text; it got a number/],
    ['login.deviceCode', { deviceCode: 'x', interval: '5' }, /needs "interval" as a number; it got a string/],
    ['database.signup', { connection: 'c', password: 'p', userMetadata: 'x' }, /needs "userMetadata" as an object/],
    ['mfa().enroll.oob', { channels: 'sms' }, /needs "channels" as a list of texts/],
    ['database.changePassword', { connection: '', email: 'x' }, /needs "connection" as a non-empty string/],
  ])('refuse a value of another type: %s %j', (path, options, text) => {
    expect(() => called(path, options)).toThrow(text)
  })
})
