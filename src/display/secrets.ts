import { row as catalogueRow, type OperationRow, openNames } from '../catalogue/index.ts'
import { processSecrets, redact, SECRET_MARK } from '../plan/index.ts'

/** Where the secrets of a value lie, as the catalogue tells it. */
export interface SecretPlaces {
  readonly paths: readonly string[]
  readonly urls: readonly string[]
  /** Names that hold no secret here, although elsewhere they do. */
  readonly open?: readonly string[]
}

const NONE: SecretPlaces = { paths: [], urls: [] }
const byDifference = new WeakMap<OperationRow, SecretPlaces>()
const byRow = new WeakMap<OperationRow, SecretPlaces>()

/**
 * Where the secrets of an operation's answer lie, in whichever form it is met: as the server sent it, as a page, as a
 * list of items, or as one item.
 */
export function secretPlaces(row: OperationRow | undefined): SecretPlaces {
  if (row === undefined) return NONE
  const known = byRow.get(row)
  if (known !== undefined) return known
  const places = {
    paths: everyForm(row.secretAnswer, row),
    urls: everyForm(row.secretUrls, row),
    open: openNames(row),
  }
  byRow.set(row, places)
  return places
}

/**
 * Where the secrets of a difference lie: what is compared is an answer of the operation's twin with the body that would be
 * written over it.
 */
export function differencePlaces(row: OperationRow | undefined): SecretPlaces {
  if (row === undefined) return NONE
  const known = byDifference.get(row)
  if (known !== undefined) return known
  const own = secretPlaces(row)
  const twin = secretPlaces(row.twin === undefined ? undefined : catalogueRow(row.twin))
  const paths = [...new Set([...own.paths, ...twin.paths, ...row.secretBody])]
  const places = { ...own, paths, urls: [...new Set([...own.urls, ...twin.urls])] }
  byDifference.set(row, places)
  return places
}

function everyForm(paths: readonly string[], row: OperationRow): readonly string[] {
  // The decoder wraps the bare list of this one answer.
  if (row.answerAs === 'job-errors') return [...paths, ...paths.map((path) => `errors.${path}`)]
  const items = row.paging?.items
  if (items === undefined) return paths
  const forms = new Set<string>()
  for (const path of paths) {
    forms.add(path)
    const wrapped = [`${items}.*.`, 'items.*.', '*.'].find((lead) => path.startsWith(lead))
    if (wrapped === undefined) continue
    const item = path.slice(wrapped.length)
    for (const lead of ['items.*.', '*.', '']) forms.add(lead + item)
  }
  return [...forms]
}

/** The places as seen from a container inside the value. */
export function placesWithin(places: SecretPlaces, at: readonly string[]): SecretPlaces {
  if (at.length === 0) return places
  return { ...places, paths: within(places.paths, at), urls: within(places.urls, at) }
}

function within(paths: readonly string[], at: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const parts = path.split('.')
    if (!at.every((key, index) => parts[index] === '*' || parts[index] === key)) return []
    // The container itself is the secret: so is all that it holds.
    return parts.length <= at.length ? ['*'] : [parts.slice(at.length).join('.')]
  })
}

/** The same places, where the value stands as several members of another. */
export function placesBelow(places: SecretPlaces, keys: readonly string[]): SecretPlaces {
  const below = (paths: readonly string[]): readonly string[] =>
    keys.flatMap((key) => paths.map((path) => `${key}.${path}`))
  return { ...places, paths: below(places.paths), urls: below(places.urls) }
}

/** A copy that is safe to print: secrets hidden by place, by name and by value, before a text is cut short or wrapped. */
export function withoutSecrets<T>(value: T, places: SecretPlaces = NONE): T {
  return processSecrets().data(redact(value, { paths: places.paths, urls: places.urls, open: places.open ?? [] }))
}

export { SECRET_MARK }
