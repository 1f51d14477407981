import type { OperationRow } from '../catalogue/index.ts'
import { type Json, redact, redactText, SECRET_MARK } from '../plan/index.ts'

/** What stands in members of secret names, and everybody may read. */
const PUBLIC = /^-----BEGIN (RSA PUBLIC KEY|PUBLIC KEY|CERTIFICATE)-----/

/**
 * Knows the secrets that a run has met, so that nothing that leaves the run shows one: by their places first, and, as a
 * last guard, by their values wherever they turn up.
 */
export class Redactor {
  readonly #values = new Set<string>()

  /** Secret values met so far, longest first. */
  values(): readonly string[] {
    return [...this.#values].sort((a, b) => b.length - a.length)
  }

  /** @param least length of a secret that is looked for everywhere: shorter ones would blot out ordinary words. */
  add(value: unknown, least = 6): void {
    if (typeof value !== 'string' || value.length < least || value === SECRET_MARK || PUBLIC.test(value)) return
    this.#values.add(value)
  }

  /** A copy without secrets; the secrets in it are remembered. */
  redacted<T>(value: T, row?: OperationRow): T {
    const safe = redact(value, placesOf(row))
    this.#learn(value, safe)
    return JSON.parse(this.text(JSON.stringify(safe) ?? 'null')) as T
  }

  /** A text without the secrets met so far. */
  text(text: string): string {
    const values = this.values()
    // In JSON a secret may stand with escapes.
    return redactText(
      redactText(text, values),
      values.map((value) => JSON.stringify(value).slice(1, -1)),
    )
  }

  #learn(value: unknown, safe: unknown): void {
    if (typeof value === 'string') {
      if (value !== safe && safe === SECRET_MARK) this.add(value)
      return
    }
    if (typeof value !== 'object' || value === null) return
    if (safe === SECRET_MARK) for (const member of Object.values(value)) this.#learn(member, SECRET_MARK)
    else for (const [key, member] of Object.entries(value)) this.#learn(member, (safe as Record<string, unknown>)[key])
  }
}

/** The places of an answer, whichever form it comes in: bare, a page, a list, or one item of it. */
function placesOf(row: OperationRow | undefined): Parameters<typeof redact>[1] {
  if (row === undefined) return {}
  const forms = (paths: readonly string[]): string[] =>
    paths.flatMap((path) => {
      const item = path.replace(new RegExp(`^(${row.paging?.items ?? 'items'}\\.\\*\\.|items\\.\\*\\.|\\*\\.)`), '')
      return [path, item, `*.${item}`, `items.*.${item}`]
    })
  return {
    paths: [...forms(row.secretAnswer), ...row.secretBody],
    urls: forms(row.secretUrls),
    ...(row.api === 'management' && { open: ['code'] }),
  }
}

/** Dotted paths at which `safe` hides what `value` shows. */
export function hiddenPaths(value: unknown, safe: unknown, at = ''): readonly string[] {
  if (typeof value === 'string') return value === safe ? [] : [at]
  if (typeof value !== 'object' || value === null) return Object.is(value, safe) ? [] : [at]
  if (typeof safe !== 'object' || safe === null) return [at]
  return Object.entries(value).flatMap(([key, member]) =>
    member === undefined
      ? []
      : hiddenPaths(member, (safe as Record<string, unknown>)[key], at === '' ? key : `${at}.${key}`),
  )
}

/** Dotted paths of the texts that hold a mark in place of a secret. */
export function markedPaths(value: Json, at = ''): readonly string[] {
  if (typeof value === 'string') return value.includes(SECRET_MARK) ? [at] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => markedPaths(member as Json, at === '' ? key : `${at}.${key}`))
}

/** The JSON of a value, as it would be sent; `undefined` where there is none. */
export function jsonOf(value: unknown): Json | undefined {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : (JSON.parse(text) as Json)
}
