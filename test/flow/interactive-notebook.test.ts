import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

interface Message {
  readonly data: Readonly<Record<string, unknown>>
  readonly transient: { readonly display_id?: string }
}

const { cache } = createRequire(import.meta.url)
const place = '/opt/tslab/dist/jupyter.js'
let sent: { readonly content: Message; readonly update: boolean }[] = []
let tenant: Sandbox
let auth0: Session

beforeEach(async () => {
  sent = []
  const lastWriteDisplayData = (content: Message, update: boolean) => {
    sent.push({ content: structuredClone(content), update })
  }
  cache[place] = { exports: { lastWriteDisplayData } } as never
  tenant = await sandbox({ seed: 'notebook-login', clock: 'fixed' })
  auth0 = connect(tenant.options)
})
afterEach(() => {
  delete cache[place]
  return tenant.close()
})

/** What a front end keeps: the last content of each display, in the order in which they first came. */
function saved(): readonly Message['data'][] {
  const displays = new Map<string, Message['data']>()
  for (const { content, update } of sent) {
    const id = content.transient.display_id ?? `alone ${displays.size}`
    // A front end drops an update of a display that it does not have.
    expect(update).toBe(displays.has(id))
    displays.set(id, content.data)
  }
  return [...displays.values()]
}

/** The key that stands below the QR code that was shown last. */
function shownKey(): string {
  const code = sent.findLast(({ content }) => String(content.data['text/html']).includes('<svg'))
  const key = /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/m.exec(String(code?.content.data['text/plain']))?.[0] ?? ''
  return key.replaceAll(' ', '')
}

function login() {
  const { email: username, password } = tenant.seed.users[0] ?? { email: '', password: '' }
  return auth0.login.password({ username, password, realm: 'Username-Password-Authentication' })
}

describe('an interactive login in a notebook', () => {
  it('grows one display of steps, and replaces the QR code by a sentence once the code is right', async () => {
    let key = ''
    const asked: boolean[] = []
    const prompt = {
      ask() {
        key = shownKey()
        asked.push(saved().some((data) => String(data['text/html']).includes('<svg')))
        return tenant.totp(key)
      },
    }
    await login().interactive({ prompt, factor: 'otp' }).run()
    expect(key).toHaveLength(32)
    expect(asked).toEqual([true])
    const [steps, code, ...more] = saved()
    expect(more).toEqual([])
    expect(steps?.['text/plain']).toContain('✓ Logged in.')
    expect(Object.keys(steps ?? {})).toEqual(['text/plain', 'text/html', 'application/vnd.tenantlab+json'])
    expect(code).toEqual({
      'text/plain': 'QR code: shown while it was needed, and cleared.',
      'text/html': '<div>QR code: shown while it was needed, and cleared.</div>',
    })
    const all = JSON.stringify(saved()).replaceAll(' ', '')
    for (const secret of [key, tenant.totp(key), tenant.seed.users[0]?.password ?? 'none', '<svg', '█'])
      expect(all).not.toContain(secret)
  })

  it('clears the QR code of a login that fails or is aborted', async () => {
    for (const end of ['wrong', 'nothing', 'abort'] as const) {
      sent = []
      const controller = new AbortController()
      const prompt = {
        ask() {
          if (end === 'abort') controller.abort()
          return end === 'wrong' ? '000000' : ''
        },
      }
      const execution = login().interactive({ prompt, factor: 'otp', attempts: 1 }).run({ signal: controller.signal })
      expect((await execution.outcome()).status).toBe('error')
      // An aborted flow ends at once; what it shows is cleared in the same turn of the loop.
      await new Promise((resolve) => setImmediate(resolve))
      expect(sent.some(({ content }) => String(content.data['text/html']).includes('<svg'))).toBe(true)
      expect(JSON.stringify(saved())).not.toContain('<svg')
      expect(saved()[0]?.['text/plain']).toContain('✗')
    }
  })

  it('asks through the prompt that the kernel offers, hidden where the answer is a secret', async () => {
    const asked: [string, boolean][] = []
    const host = Symbol.for('tenantlab.host')
    const prompt = {
      possible: true,
      ask(question: string, hidden: boolean) {
        asked.push([question, hidden])
        return Promise.resolve(hidden ? (tenant.outbox.last('sms').code ?? '') : '+15550100')
      },
    }
    Object.defineProperty(globalThis, host, { value: { prompt }, configurable: true })
    try {
      await login().interactive({ factor: 'sms' }).run()
    } finally {
      Reflect.deleteProperty(globalThis, host)
    }
    expect(asked).toEqual([
      ['Phone number to enrol, such as +15550100: ', false],
      ['Code from the SMS: ', true],
    ])
    expect(JSON.stringify(saved())).not.toContain(tenant.outbox.last('sms').code)
  })
})
