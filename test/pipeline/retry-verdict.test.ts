import { describe, expect, it } from 'vitest'
import { type RetryQuestion, retryVerdict } from '../../src/pipeline/retry-verdict.ts'
import { appliedAfter, type Fault } from '../../src/plan/index.ts'

const FAULTS: readonly Fault[] = [
  'rate-limit',
  'too-many-attempts',
  'quota',
  'polling',
  'unavailable-until',
  'server',
  'not-sent',
  'broken',
  'refused',
]

const S = 'server'
const B = 'backoff'
const x = 'stop'
const d = 'stop, may be applied'

/** Kinds of request × faults, in the order of `FAULTS`. */
const TABLE: readonly (readonly [string, Omit<RetryQuestion, 'fault'>, readonly string[]])[] = [
  // rate, attempts, quota, polling, until, server, not-sent, broken, refused
  ['GET, PUT, DELETE, PATCH', { retryClass: 'idempotent' }, [S, x, x, x, S, B, B, B, x]],
  ['POST', { retryClass: 'unsafe' }, [S, x, x, x, S, d, B, d, x]],
  ['client_credentials', { retryClass: 'grant', grant: 'client_credentials' }, [S, x, x, x, S, B, B, B, x]],
  ['password', { retryClass: 'grant', grant: 'password' }, [S, x, x, x, S, d, B, d, x]],
  ['refresh_token', { retryClass: 'grant', grant: 'refresh_token' }, [S, x, x, x, S, d, B, d, x]],
  ['mfa-oob', { retryClass: 'grant', grant: 'http://auth0.com/oauth/grant-type/mfa-oob' }, [S, x, x, x, S, d, B, d, x]],
  ['a grant that is not known', { retryClass: 'grant' }, [S, x, x, x, S, d, B, d, x]],
]

describe('retryVerdict', () => {
  it.each(
    TABLE.flatMap(([name, question, row]) => FAULTS.map((fault, at) => [name, fault, question, row[at]] as const)),
  )('%s after %s', (_, fault, question, expected) => {
    const verdict = retryVerdict({ ...question, fault })
    expect(verdict.kind === 'retry' ? verdict.wait : appliedAfter(fault, 'write') === 'maybe' ? d : x).toBe(expected)
  })
})
