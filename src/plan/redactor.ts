import { isPlain } from './json.ts'
import { redact, SECRET_MARK } from './redact.ts'
import { formsOf, SHORTEST } from './secret-forms.ts'
import { isPublicText } from './secret-signs.ts'

/** So many values are remembered; the oldest go first. */
const MOST_VALUES = 5000
/** So many credentials of sessions stay, whatever else comes. */
const MOST_KEPT = 400
const PREFIX = 4
/** Of values of so many characters the beginning is looked for. */
const LONG = 32
const HEAD = 20
/** What a token goes on with. */
const RUN = /[\w.~+/=-]*/y
const JWT = /^eyJ[\w-]+\.[\w-]{16,}\.[\w-]{16,}$/
/** A number of so many digits is looked for. */
const SMALLEST = 10 ** (SHORTEST - 1)

/** What the catalogue says of the secrets of an operation. */
export interface SecretColumns {
  readonly api: 'management' | 'authentication'
  readonly secretBody: readonly string[]
  readonly secretAnswer: readonly string[]
  readonly secretUrls: readonly string[]
  readonly paging?: { readonly items: string }
}

/**
 * Knows secrets by their values and hides them wherever they stand whole in a text: as they are, URL-encoded, in base64, and
 * with the escapes of JSON or HTML. Values of fewer than 8 characters are not looked for.
 */
export class Redactor {
  readonly #values = new Set<string>()
  /** Values that stay known however many others come: the credentials of sessions. */
  readonly #kept = new Set<string>()
  /** Values whose forms are not in the index yet: most are learnt and never looked for. */
  #pending: string[] = []
  /** Forms to look for, by their first characters. */
  #index = new Map<string, Bucket>()
  #firsts = new Uint8Array(0x10000)
  /** How long values begin: a part of one that begins so is hidden as well. */
  #heads = new Set<string>()
  #longest = 0
  readonly #other: Redactor | undefined

  /** True while this one has learnt nothing. */
  isEmpty = true

  /** @param other Hides what that one knows as well: what all sessions of the process know, unless said otherwise. */
  constructor(other: Redactor | null = processSecrets()) {
    this.#other = other ?? undefined
  }

  /** Values that this one has learnt, longest first. */
  values(): readonly string[] {
    return [...this.#values].sort((a, b) => b.length - a.length)
  }

  /** Learns a value; what is no text or number, too short or public is left out. */
  add(value: unknown): void {
    if (typeof value === 'number') return this.add(String(value))
    if (typeof value !== 'string' || value.length < SHORTEST || this.#values.has(value)) return
    if (value.includes(SECRET_MARK) || isPublicText(value)) return
    this.isEmpty = false
    this.#values.add(value)
    this.#pending.push(value)
    // What a token is cut into at its dots; its head is that of many.
    if (JWT.test(value)) for (const part of value.split('.').slice(1)) this.add(part)
    if (this.#values.size > MOST_VALUES) this.#forgetOldest()
  }

  /** Learns a value for good, however many others follow. */
  keep(value: unknown): void {
    this.add(value)
    if (typeof value !== 'string' || !this.#values.has(value)) return
    this.#kept.delete(value)
    this.#kept.add(value)
    if (this.#kept.size <= MOST_KEPT) return
    for (const oldest of this.#kept) {
      this.#kept.delete(oldest)
      break
    }
  }

  /** Learns every text that `safe`, a copy without secrets, no longer shows. */
  learn(value: unknown, safe: unknown): void {
    if (typeof value === 'string' || typeof value === 'number') {
      if (value !== safe && safe === SECRET_MARK) this.add(value)
      return
    }
    if (typeof value !== 'object' || value === null || value === safe) return
    const whole = safe === SECRET_MARK
    if (!whole && (typeof safe !== 'object' || safe === null)) return
    for (const [key, member] of Object.entries(value) as [string, unknown][]) {
      const shown = whole ? safe : (safe as Record<string, unknown>)[key]
      if (member !== shown) this.learn(member, shown)
    }
  }

  /**
   * A copy without secrets, by place, by name and by value; the secrets in it are remembered.
   *
   * @param row The operation that the value is an answer or a body of.
   */
  redacted<T>(value: T, row?: SecretColumns): T {
    const safe = redact(value, placesOf(row))
    this.learn(value, safe)
    return this.data(JSON.parse(JSON.stringify(safe) ?? 'null') as T)
  }

  /** A copy of data whose texts hold no known secret; the same data where none does. */
  data<T>(value: T): T {
    if (this.isEmpty && this.#other?.isEmpty !== false) return value
    // Most data holds none: all its texts at once tell so, and what they seem to hold across their ends does no harm.
    const texts = textsIn(value)
    return this.text(texts) === texts ? value : (hideIn(value, (text) => this.text(text), 0) as T)
  }

  /** The text, with a mark in place of each secret. */
  text(text: string): string {
    const safe = this.#other === undefined ? text : this.#other.text(text)
    if (this.#values.size === 0 || safe.length < SHORTEST) return safe
    this.#build()
    let kept = ''
    let from = 0
    for (let at = 0; at < safe.length; at += 1) {
      const length = this.#secretAt(safe, at)
      if (length === 0) continue
      kept += safe.slice(from, at) + SECRET_MARK
      from = at + length
      at = from - 1
    }
    return from === 0 ? safe : kept + safe.slice(from)
  }

  /** Length of the end of a text that may be the beginning of a secret, which the next text goes on with. */
  openEnd(text: string): number {
    this.#build()
    // From before the longest secret that could end here: a cut must not fall into one that is whole.
    for (let at = Math.max(0, text.length - 2 * this.#longest); at < text.length; at += 1) {
      if (this.#firsts[text.charCodeAt(at)] === 0) continue
      if (text.length - at < this.#longest && this.#mayBegin(text.slice(at))) return text.length - at
      const whole = this.#secretAt(text, at)
      if (whole > 0) at += whole - 1
    }
    return this.#other?.openEnd(text) ?? 0
  }

  /** True for the beginning of a secret that goes on. */
  #mayBegin(end: string): boolean {
    if (end.length < PREFIX) return [...this.#index.keys()].some((prefix) => prefix.startsWith(end))
    const forms = this.#index.get(end.slice(0, PREFIX))?.forms ?? []
    return [...forms].some((form) => form.length > end.length && form.startsWith(end))
  }

  #secretAt(text: string, at: number): number {
    if (this.#firsts[text.charCodeAt(at)] === 0) return 0
    const bucket = this.#index.get(text.slice(at, at + PREFIX))
    if (bucket === undefined) return 0
    const whole = bucket.lengths.find((length) => bucket.forms.has(text.slice(at, at + length)))
    if (whole !== undefined || !this.#heads.has(text.slice(at, at + HEAD))) return whole ?? 0
    // The beginning of a long one that was cut short.
    RUN.lastIndex = at + HEAD
    return HEAD + (RUN.exec(text)?.[0].length ?? 0)
  }

  #build(): void {
    if (this.#pending.length === 0) return
    for (const value of this.#pending) {
      if (value.length >= LONG && !/\s/.test(value.slice(0, HEAD))) this.#heads.add(value.slice(0, HEAD))
      for (const form of formsOf(value)) {
        const prefix = form.slice(0, PREFIX)
        const bucket = this.#index.get(prefix) ?? { forms: new Set(), lengths: [] }
        this.#index.set(prefix, bucket)
        bucket.forms.add(form)
        if (!bucket.lengths.includes(form.length)) {
          bucket.lengths.push(form.length)
          bucket.lengths.sort((a, b) => b - a)
        }
        this.#firsts[form.charCodeAt(0)] = 1
        this.#longest = Math.max(this.#longest, form.length)
      }
    }
    this.#pending = []
  }

  #forgetOldest(): void {
    const values = [...this.#values]
    const old = values.slice(0, MOST_VALUES / 10).filter((value) => this.#kept.has(value))
    const kept = [...old, ...values.slice(MOST_VALUES / 10)]
    this.#values.clear()
    for (const value of kept) this.#values.add(value)
    this.#pending = kept
    this.#index = new Map()
    this.#heads = new Set()
    this.#firsts = new Uint8Array(0x10000)
    this.#longest = 0
  }
}

/** The places of an answer, whichever form it comes in: bare, a page, a list, or one item of it; and those of a body. */
function placesOf(row: SecretColumns | undefined): RedactPlaces {
  if (row === undefined) return {}
  let places = known.get(row)
  if (places === undefined) {
    places = placesIn(row)
    known.set(row, places)
  }
  return places
}

type RedactPlaces = NonNullable<Parameters<typeof redact>[1]>
const known = new WeakMap<SecretColumns, RedactPlaces>()

function placesIn(row: SecretColumns): RedactPlaces {
  const lead = new RegExp(`^(${row.paging?.items ?? 'items'}\\.\\*\\.|items\\.\\*\\.|\\*\\.)`)
  const forms = (paths: readonly string[]): string[] =>
    paths.flatMap((path) => {
      const item = path.replace(lead, '')
      return [path, item, `*.${item}`, `items.*.${item}`]
    })
  return {
    paths: [...forms(row.secretAnswer), ...row.secretBody],
    urls: forms(row.secretUrls),
    ...(row.api === 'management' && { open: ['code'] }),
  }
}

/** The forms that begin alike. */
interface Bucket {
  readonly forms: Set<string>
  /** Their lengths, the longest first. */
  readonly lengths: number[]
}

const DEEPEST = 100

/** All keys and texts of plain data, one per line. */
function textsIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return isTextual(value) ? String(value) : ''
  const texts: string[] = []
  const inside = new Set<object>([value])
  // A set is walked in the order of its entries, those that are added meanwhile included; a circle adds none.
  for (const each of inside) {
    const isList = Array.isArray(each)
    if (!isList && !isPlain(each)) continue
    for (const [key, member] of Object.entries(each) as [string, unknown][]) {
      if (!isList) texts.push(key)
      if (isTextual(member)) texts.push(String(member))
      else if (typeof member === 'object' && member !== null) inside.add(member)
    }
  }
  return texts.join('\n')
}

function isTextual(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && value >= SMALLEST)
}

function hideIn(value: unknown, hide: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return hide(value)
  if (typeof value === 'number' && value >= SMALLEST) return hide(String(value)) === SECRET_MARK ? SECRET_MARK : value
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) {
    const copy = value.map((item) => hideIn(item, hide, depth + 1))
    return copy.some((item, index) => item !== value[index]) ? copy : value
  }
  if (!isPlain(value)) return value
  let changed = false
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => {
    const safe = hideIn(member, hide, depth + 1)
    const name = hide(key)
    if (safe !== member || name !== key) changed = true
    return [name, safe]
  })
  return changed ? Object.fromEntries(entries) : value
}

const SHARED: unique symbol = Symbol.for('tenantlab.secrets') as never

/**
 * What all sessions of this process know as secret: credentials, tokens, the secrets of plans and of answers. By a global
 * symbol, as a kernel and the notebook may have loaded this package from different files.
 */
export function processSecrets(): Redactor {
  const home = globalThis as { [SHARED]?: Redactor }
  const found = home[SHARED]
  if (found !== undefined) return found
  const made = new Redactor(null)
  Object.defineProperty(home, SHARED, { value: made, enumerable: false, configurable: true, writable: true })
  return made
}
