import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import {
  ApiError,
  isSecretHeader,
  isSecretName,
  isSecretText,
  processSecrets,
  Redactor,
  redact,
  SECRET_MARK,
} from '../../src/plan/index.ts'
import { requestIdOf } from '../../src/wire/index.ts'

describe('X1 the one list of names', () => {
  it.each(
    (
      'connectionString dbPassword apiToken secretAccessKey httpAuthorization smtp_pass apiKey API_KEY x-api-key privateKeyPem ' +
      'DB_PASSWORD newPassword passwordHash tokenValue refreshToken mfa_token awsSecretAccessKey sasToken stripeKey webhookUrl ' +
      'sumoSourceAddress twilioAuthToken clientSecret2 recovery_codes pwd'
    ).split(' '),
  )('%s is secret', (name) => expect(isSecretName(name)).toBe(true))

  it.each(
    (
      'token_type token_quota token_endpoint_auth_method passwordPolicy password_history site_key publicKey key_id accessKeyId ' +
      'change_password passwordPlaceholder secretary token_lifetime country_code rateKey primaryKey tokensUsed description'
    ).split(' '),
  )('%s is not', (name) => expect(isSecretName(name)).toBe(false))

  it.each(
    (
      'authHeader proxyAuth securityAnswer secretQuestionAnswer mfaCode smsCode pinCode accessCode activation_code oneTimeCode ' +
      'sharedAccessSignature keyMaterial secretKeyBase seedPhrase magicLink credentials_json serviceAccountJson pkcs12 keystore ' +
      'psk creds bindPw mnemonic clientsecret dbpassword sharedsecret secretaccesskey privatekeypem apikeyv2 passwordConfirm ' +
      'passwordAgain password_digest encryptedPassword passwordEncrypted hashedPassword'
    ).split(' '),
  )('X1: %s is secret', (name) => expect(isSecretName(name)).toBe(true))

  it.each(
    'changepassword country_code file_name text_color security_policy statusCode time_zone auth_method token_file_type json'.split(
      ' ',
    ),
  )('X1: %s is not', (name) => expect(isSecretName(name)).toBe(false))

  it.each(
    'passwrd pasword passwodr Passwword dbPasswrd client_secrt clientSecert acces_token acess_token refersh_token api_kye secert'.split(
      ' ',
    ),
  )('X1: %s is a mistyped secret', (name) => expect(isSecretName(name)).toBe(true))

  it.each('passport word sector secrecy app_kit tokens_used taken access refresh_rate changePasswor'.split(' '))(
    'X1: %s is none',
    (name) => expect(isSecretName(name)).toBe(false),
  )

  it('knows headers whose values are credentials', () => {
    for (const name of ['Authorization', 'X-Auth-Token', 'Cookie', 'x-api-key']) expect(isSecretHeader(name)).toBe(true)
    for (const name of ['content-type', 'x-request-id', 'accept']) expect(isSecretHeader(name)).toBe(false)
  })

  it('knows credentials by their shape', () => {
    const secret = [
      'Bearer abcdef123456',
      'https://user:pass1234@example.com/hook',
      'https://hooks.slack.com/services/T000/B000/XXXX',
      'https://example.com/in?apiKey=abcdef12',
      'endpoint=https://x.example;accesskey=AbC123==',
      '-----BEGIN PRIVATE KEY-----\nabc',
      `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"1"}').toString('base64url')}.c2ln`,
    ]
    for (const text of secret) expect(isSecretText(text), text).toBe(true)
    for (const text of ['https://example.com/callback?state=1', 'a; b=c', 'Bearer', 'token type is fine'])
      expect(isSecretText(text), text).toBe(false)
  })

  it('hides a value beside the name of a secret, a list of secrets, and leaves public keys', () => {
    const safe = redact({
      httpCustomHeaders: [{ header: 'X-Any', value: 'canary' }],
      custom_headers: { 'x-any': 'canary' },
      variables: [
        { name: 'DB_PASSWORD', value: 'canary' },
        { name: 'REGION', value: 'eu' },
      ],
      secrets: [{ name: 'URL', value: 'canary' }],
      more: { secrets: { REGION: 'canary' } },
      pem: '-----BEGIN PUBLIC KEY-----\nabc',
    })
    expect(JSON.stringify(safe)).not.toContain('canary')
    expect(safe).toMatchObject({ variables: [{ name: 'DB_PASSWORD' }, { name: 'REGION', value: 'eu' }] })
    expect(safe.pem).toContain('PUBLIC')
  })
})

describe('secrets by value', () => {
  const value = 'p@ss "word"/ä+1'
  const redactor = new Redactor(null)
  redactor.add(value)

  it.each([
    ['as it is', value],
    ['in JSON', JSON.stringify({ v: value })],
    ['in JSON within JSON', JSON.stringify({ v: JSON.stringify({ v: value }) })],
    ['in a URL', `https://x.example/?v=${encodeURIComponent(value)}`],
    ['in a form', new URLSearchParams({ v: value }).toString()],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64url', Buffer.from(value).toString('base64url')],
    ['in base64 twice', Buffer.from(Buffer.from(value).toString('base64')).toString('base64')],
    ['encoded, in base64', Buffer.from(encodeURIComponent(value)).toString('base64')],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
    ['in a buffer that is printed', inspect(Buffer.from(value)).slice(8, -1)],
    ['in the JSON of a buffer', [...Buffer.from(value)].join(',')],
    ['in a URL within a URL', encodeURIComponent(`https://x.example/?v=${encodeURIComponent(value)}`)],
    ['in an encoded URL', encodeURI(`https://x.example/${value}`)],
    ['in JSON that escapes slashes', JSON.stringify({ v: value }).replaceAll('/', '\\/')],
    ['in JSON thrice', JSON.stringify(JSON.stringify(JSON.stringify({ v: value })))],
    ['in a page, by numbers', value.replaceAll('"', '&#34;').replaceAll('/', '&#x2F;')],
  ])('finds one %s', (_, text) => {
    const safe = redactor.text(`before ${text} after`)
    expect(safe).toContain(SECRET_MARK)
    expect(safe.startsWith('before ') && safe.endsWith(' after')).toBe(true)
    expect(safe).not.toContain(text)
  })

  it.each(['id', 'idd', 'iddd'])('finds one in the credentials of Basic after %s', (id) => {
    const safe = redactor.text(`Basic ${Buffer.from(`${id}:${value}`).toString('base64')}`)
    expect(safe).toContain(SECRET_MARK)
    expect(safe.replace(SECRET_MARK, '').length).toBeLessThan(22)
  })

  it('N3: finds a number, as a number and as text, and leaves those that only hold its digits', () => {
    const own = new Redactor(null)
    own.add(48_291_612)
    expect(own.text('pin 48291612')).toBe(`pin ${SECRET_MARK}`)
    expect(own.data({ pin: 48_291_612, list: [48_291_612, 1_482_916_123, 4829] })).toEqual({
      pin: SECRET_MARK,
      list: [SECRET_MARK, 1_482_916_123, 4829],
    })
    expect(own.data(48_291_612)).toBe(SECRET_MARK)
    expect(own.redacted({ otp: 99_887_766, note: 'is 99887766' })).toEqual({
      otp: SECRET_MARK,
      note: `is ${SECRET_MARK}`,
    })
  })

  it('N3: hides the beginning of a long value, and what a token is cut into at its dots', () => {
    const own = new Redactor(null)
    const claims = Buffer.from('{"sub":"auth0|canary-of-claims"}').toString('base64url')
    const token = `eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.${claims}.c2lnbmF0dXJlLW9mLWEtdG9rZW4`
    own.add(token)
    own.add('0123456789-of-a-client-0123456789-secret')
    for (const part of [
      token.slice(0, 60),
      claims,
      token.split('.')[2] ?? '',
      '0123456789-of-a-client-01',
      `${token.slice(0, 40)}…`,
    ]) {
      const safe = own.text(`it is ${part}`)
      expect(safe, part).toMatch(/^it is «secret»…?$/)
    }
    expect(own.text('0123456789-of')).toBe('0123456789-of')
    expect(own.text(`before ${token} after`)).toBe(`before ${SECRET_MARK} after`)
    const key = new Redactor(null)
    key.add('-----BEGIN PRIVATE KEY-----\nMIIabcdefghijklmnopqrstuvwxyz')
    expect(key.text('-----BEGIN PRIVATE KEY----- is how one begins')).toContain('PRIVATE')
  })

  it('looks for no value of fewer than 8 characters, and for a longer one before a shorter', () => {
    const own = new Redactor(null)
    for (const each of ['status', 'abcdefgh', 'abcdefgh-more']) own.add(each)
    expect(own.text('status abcdefgh-more abcdefgh abcdefg')).toBe(`status ${SECRET_MARK} ${SECRET_MARK} abcdefg`)
  })

  it('hides what objects of another realm hold, such as those of a notebook', () => {
    const redactor = new Redactor(null)
    redactor.add('canary-of-a-realm')
    for (const code of [
      "({ a: 'canary-of-a-realm' })",
      "({ list: [{ b: 'x canary-of-a-realm y' }] })",
      "[{ 'canary-of-a-realm': 1 }]",
    ]) {
      const value: unknown = runInNewContext(code)
      expect(JSON.stringify(redactor.data(value))).not.toContain('canary-of-a-realm')
    }
  })

  it('tells how much of an end may begin a secret', () => {
    const own = new Redactor(null)
    own.add('canary-1234')
    expect(own.openEnd('a can')).toBe(3)
    expect(own.openEnd('a canary-123')).toBe(10)
    expect(own.openEnd('a canary-1235')).toBe(0)
    expect(own.openEnd('done\n')).toBe(0)
  })

  it('forgets the oldest of very many, and finds the others', () => {
    const own = new Redactor(null)
    for (let index = 0; index < 6000; index += 1) own.add(`canary-${String(index).padStart(6, '0')}`)
    expect(own.values().length).toBeLessThanOrEqual(5000)
    expect(own.text('canary-005999')).toBe(SECRET_MARK)
  })

  it('X4: never forgets the credentials of a session', () => {
    const own = new Redactor(null)
    own.keep('canary-of-a-session')
    for (let index = 0; index < 16_000; index += 1) own.add(`other-${String(index).padStart(6, '0')}`)
    expect(own.text('sent canary-of-a-session')).toBe(`sent ${SECRET_MARK}`)
    expect(own.values().length).toBeLessThanOrEqual(5000)
    for (let index = 0; index < 16_000; index += 1) own.keep(`session-${String(index).padStart(6, '0')}`)
    expect(own.values().length).toBeLessThanOrEqual(5000)
  })
})

describe('X4, X10 what an error says', () => {
  it('hides what the session knows in message, stack, JSON and cause', () => {
    processSecrets().add('canary-of-the-session')
    const cause = new Error('sent canary-of-the-session')
    const error = new ApiError('The proxy said: Authorization: Bearer abcdef123456 canary-of-the-session', {
      status: 403,
      serverMessage: 'canary-of-the-session',
      code: 'canary-of-the-session',
      cause,
    })
    const all = [error.message, error.stack, JSON.stringify(error), error.serverMessage, error.code]
    const below = error.cause as Error
    for (const text of [...all, below.message, below.stack]) {
      expect(text).not.toContain('canary')
      expect(text).not.toContain('abcdef123456')
    }
    expect(below).toBeInstanceOf(Error)
    expect(cause.message).toContain('canary')
  })

  it('X4: hides what the error of an HTTP library carries: its request, its headers, the errors it gathers', () => {
    processSecrets().add('canary-of-a-library')
    class HeadersOfALibrary {
      Authorization = 'Bearer canary-of-a-library'
    }
    const request: Record<string, unknown> = {
      body: 'client_secret=canary-of-a-library',
      to: new Map([['a', 'canary-of-a-library']]),
    }
    request['self'] = request
    const causes = [
      Object.assign(new Error('lost'), { code: 'ECONNRESET', config: { headers: new HeadersOfALibrary() }, request }),
      new AggregateError([new Error('one: canary-of-a-library')], 'all'),
      { headers: { authorization: 'Bearer canary-of-a-library' }, request },
      new HeadersOfALibrary(),
      new Error('outer', { cause: Object.assign(new Error('inner'), { options: [{ token: 'canary-of-a-library' }] }) }),
    ]
    for (const cause of causes) {
      const error = new ApiError('x', { status: 500, serverMessage: '', cause })
      expect(inspect(error.cause, { depth: 20 }) + JSON.stringify(error)).not.toContain('canary-of-a-library')
    }
    const first = new ApiError('x', { status: 500, serverMessage: '', cause: causes[0] }).cause
    expect(first).toMatchObject({ message: 'lost', code: 'ECONNRESET' })
    const clean = Object.assign(new Error('lost'), { socket: { port: 443 } })
    expect(new ApiError('x', { status: 500, serverMessage: '', cause: clean }).cause).toBe(clean)
  })

  it('X4: hides it in an abort or a time-out of the platform, which stays one', () => {
    processSecrets().add('canary-of-an-abort')
    for (const name of ['AbortError', 'TimeoutError']) {
      const cause = new DOMException('waited for canary-of-an-abort', name)
      const error = new ApiError('x', { status: 500, serverMessage: '', cause })
      const below = error.cause as DOMException
      expect(below).toBeInstanceOf(DOMException)
      expect(below.name).toBe(name)
      expect(below.message + String(below.stack) + inspect(below) + inspect(error)).not.toContain('canary')
      const clean = new DOMException('waited', name)
      expect(new ApiError('x', { status: 500, serverMessage: '', cause: clean }).cause).toBe(clean)
    }
  })

  it('X4: hides it in the id that a server gives a request', () => {
    processSecrets().add('canary-of-a-server')
    const error = new ApiError('x', { status: 403, serverMessage: '', requestId: 'Bearer canary-of-a-server' })
    expect(error.requestId).not.toContain('canary')
    expect(requestIdOf({ headers: { 'cf-ray': 'canary-of-a-server' } })).not.toContain('canary')
  })

  it('cleans what acts on a terminal', () => {
    const error = new ApiError('a\u001b[31mb\u001b]0;t\u0007c\u009b2Jd\u202ee\nf', {
      status: 400,
      serverMessage: 'x\u0085\u0007y',
    })
    expect(error.message).toBe('abcde\nf')
    expect(error.serverMessage).toBe('xy')
  })
})
