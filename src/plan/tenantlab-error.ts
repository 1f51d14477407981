import type { Applied } from './applied.ts'
import { plainMessage } from './clean-text.ts'
import type { PlanData } from './plan-data.ts'
import { redact, SECRET_MARK } from './redact.ts'
import { processSecrets } from './redactor.ts'
import { safeCause } from './safe-cause.ts'

/** All kinds of errors; `error.kind` discriminates them. */
export type ErrorKind =
  | 'api'
  | 'mfa_required'
  | 'rate_limit'
  | 'quota_exceeded'
  | 'scope'
  | 'validation'
  | 'missing_secret'
  | 'write_denied'
  | 'timeout'
  | 'network'
  | 'aborted'
  | 'id_token'
  | 'unbound'
  | 'predicted'
  | 'configuration'
  /** A runbook stopped: needs a decision. */
  | 'decision'
  /** The tenant is not as a plan file says any more. */
  | 'drift'
  /** An error that tenantlab did not raise, from a function that the caller brought. */
  | 'unexpected'

/** What of a list had come before it ended in an error. */
export interface PartialList {
  readonly items: readonly unknown[]
  /** The plan of what is missing: `auth0.run(error.partial.next)`. */
  readonly next?: PlanData
}

/** Details that every error may carry. */
export interface ErrorDetails {
  readonly cause?: unknown
  readonly plan?: PlanData
  /** How many requests were sent. */
  readonly attempts?: number
  /** `no` when left out. */
  readonly applied?: Applied
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

/** The class of all errors of this package. Its message is whole sentences that end with what to do next. */
export class TenantlabError extends Error {
  readonly kind: ErrorKind
  /** The plan that failed, without secrets. */
  readonly plan?: PlanData
  /** How many requests were sent. */
  readonly attempts?: number
  /**
   * Whether the tenant may have carried the request out. `no` is certain: nothing was sent, it was a read, or the server
   * refused it. After `maybe`, read the record before you send a write again.
   */
  readonly applied: Applied
  /** What of a list had come before; absent where nothing had. It is not printed. */
  declare readonly partial?: PartialList

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(
      outward(message),
      details.cause === undefined ? undefined : { cause: safeCause(details.cause, outward, isSafe) },
    )
    this.kind = kind
    if (details.plan !== undefined) this.plan = details.plan
    if (details.attempts !== undefined) this.attempts = details.attempts
    this.applied = details.applied ?? 'no'
    hide(this, 'plan')
  }

  /** The error as data, secrets hidden. */
  toJSON(): Record<string, unknown> {
    const { kind, name, message, attempts, plan } = this
    const own = redact(Object.fromEntries(Object.entries(this)), { open: ['code'] })
    const data = JSON.parse(JSON.stringify({ name, kind, message, ...own, attempts, operation: plan?.op })) as object
    return processSecrets().data(data) as Record<string, unknown>
  }

  [inspect](_depth: number, options: { stylize?: (text: string, style: string) => string }): string {
    const paint = options?.stylize ?? ((text: string) => text)
    const origin = this.cause instanceof Error && this.cause.name === 'CallSite' ? firstFrame(this.cause) : undefined
    return `${paint(this.name, 'special')}: ${this.message}${origin === undefined ? '' : `\n    ${origin}`}`
  }
}

/** Gives classes of errors the names of their keys, which no instance carries itself: a minifier renames classes. */
export function nameErrors(types: Readonly<Record<string, { readonly prototype: Error }>>): void {
  for (const [value, { prototype }] of Object.entries(types))
    Object.defineProperty(prototype, 'name', { value, configurable: true })
}

nameErrors({ TenantlabError })

/** Keeps with an error what had come before it, and says so in its message. */
export function keepPartial(error: unknown, partial: PartialList): void {
  if (!isTenantlabError(error) || error.partial !== undefined || partial.items.length === 0) return
  Object.defineProperty(error, 'partial', { value: partial, enumerable: false, configurable: true })
  const count = partial.items.length
  const on = partial.next === undefined ? '' : ', and auth0.run(error.partial.next) reads on from there'
  error.message += ` ${count} ${count === 1 ? 'item' : 'items'} had come before: error.partial.items holds ${count === 1 ? 'it' : 'them'}${on}.`
}

/** What an error says, also one of another realm, such as a notebook's; as text what else was thrown. */
export function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown }
  return typeof message === 'string' ? message : String(error)
}

/**
 * True for every error of this package, also across copies of it.
 *
 * @example
 * const outcome = await auth0.users('auth0|nobody').get().run().outcome()
 * if (outcome.status === 'error' && isTenantlabError(outcome.error)) console.log(outcome.error.kind)
 */
export function isTenantlabError(error: unknown): error is TenantlabError {
  return error instanceof Error && typeof (error as TenantlabError).kind === 'string' && 'toJSON' in error
}

const BEARER = /\b(Bearer|Basic|DPoP)\s+(?=\S*\d)[\w+/.=~-]{8,}/gi

/**
 * Text as it may leave the process in a message: what a server or a transport said is in it, which may repeat a secret of
 * the session, or hold characters that act on a terminal.
 */
export function outward(text: string): string {
  return processSecrets()
    .text(plainMessage(String(text)))
    .replace(BEARER, `$1 ${SECRET_MARK}`)
}

/** Errors whose texts were made for printing, and the place of the call. */
function isSafe(error: Error): boolean {
  return error.name === 'CallSite' || isTenantlabError(error)
}

export function hide(target: object, key: string): void {
  const property = Object.getOwnPropertyDescriptor(target, key)
  if (property !== undefined) Object.defineProperty(target, key, { ...property, enumerable: false })
}

function firstFrame(site: Error): string | undefined {
  const frame = site.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return frame?.trim().replace(/[?&][^):\s]*/g, `?${SECRET_MARK}`)
}
