import { METHODS, validateHeaderName, validateHeaderValue } from 'node:http'
import type { SandboxFault, SandboxFaultKind } from '../types.ts'

const KINDS: readonly SandboxFaultKind[] = [
  'status',
  '429',
  'reset',
  'fin',
  'truncate',
  'slow',
  'drip',
  'garbage',
  'bad-json',
  'html',
]

type Rule = readonly [fits: (value: unknown) => boolean, what: string]

const isCount: Rule[0] = (value) => Number.isInteger(value) && (value as number) >= 0
const isText: Rule[0] = (value) => typeof value === 'string'

/** What each member takes, as its refusal says it. */
const RULES: { readonly [name in keyof Required<SandboxFault>]: Rule } = {
  kind: [(value) => KINDS.some((each) => each === value), `one of ${KINDS.join(', ')}`],
  match: [isMatch, 'an object of method, path and operation'],
  times: [(value) => isCount(value) && value !== 0, 'a whole number of requests, 1 or more'],
  after: [isCount, 'a whole number of requests, 0 or more'],
  status: [
    (value) => isCount(value) && (value as number) >= 200 && (value as number) <= 599,
    'a status from 200 to 599',
  ],
  headers: [areHeaders, 'an object of header names and texts'],
  body: [() => true, ''],
  delay: [(value) => typeof value === 'number' && value >= 0 && value <= 86_400_000, 'milliseconds, at most a day'],
  applied: [(value) => typeof value === 'boolean', 'true or false'],
}

/** What `match` takes. */
const MATCH: Readonly<Record<string, Rule>> = {
  method: [(value) => isText(value) && METHODS.includes((value as string).toUpperCase()), 'an HTTP method'],
  path: [(value) => isText(value) && (value as string).startsWith('/'), 'a path that begins with /'],
  operation: [isText, 'the id of an operation'],
}

/**
 * Refuses a fault that would not do what it says.
 * @throws TypeError that names the member and what it takes
 */
export function checkFault(fault: SandboxFault): void {
  check(fault as unknown as Readonly<Record<string, unknown>>, RULES, '')
  if (fault.kind === undefined) throw new TypeError(`"kind" must be ${RULES.kind[1]}.`)
  if (fault.match !== undefined) check(fault.match, MATCH, 'match.')
}

function check(given: Readonly<Record<string, unknown>>, rules: Readonly<Record<string, Rule>>, prefix: string): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (rule === undefined)
      throw new TypeError(`"${prefix}${name}" is not a member of a fault. There are ${memberNames()}.`)
    if (value !== undefined && !rule[0](value)) throw new TypeError(`"${prefix}${name}" must be ${rule[1]}.`)
  }
}

function memberNames(): string {
  const own = Object.keys(RULES).filter((name) => name !== 'match')
  return [...own, ...Object.keys(MATCH).map((name) => `match.${name}`)].join(', ')
}

function isMatch(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areHeaders(value: unknown): boolean {
  if (!isMatch(value)) return false
  try {
    for (const [name, text] of Object.entries(value as Readonly<Record<string, unknown>>)) {
      if (!isText(text)) return false
      validateHeaderName(name)
      validateHeaderValue(name, text as string)
    }
    return true
  } catch {
    return false
  }
}
