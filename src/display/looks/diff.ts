import { type Change, type Diff, isSecretName, type Json } from '../../plan/index.ts'
import { type Card, notes } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import type { SecretPlaces } from '../secrets.ts'
import { SECRET_MARK, withoutSecrets } from '../secrets.ts'
import { differencesOf } from './differences.ts'

/**
 * The look of what `diff()` answers: each change with its value before and after.
 *
 * @param title What is compared, such as the plan's route.
 */
export function showDiff(diff: Diff, title = 'Difference', places?: SecretPlaces): Look {
  return lookOf(
    () => diffCard(diff, title, places),
    () => safeDiff(diff, places),
  )
}

function diffCard(given: Diff, title: string, places: SecretPlaces | undefined): Card {
  const diff = safeDiff(given, places)
  if (diff.kind === 'unknown') return { title: `${title} · unknown`, blocks: notes('plain', [diff.reason]) }
  const count = diff.changes.length
  if (count === 0) return { title: `${title} · nothing changes`, tone: 'good', blocks: [] }
  const differences = diff.changes.flatMap((change) => differencesOf(change))
  return {
    title: `${title} · ${count} ${count === 1 ? 'change' : 'changes'}`,
    tone: 'warn',
    blocks: [{ kind: 'differences', differences }],
  }
}

function safeDiff(diff: Diff, places: SecretPlaces | undefined): Diff {
  if (diff.kind === 'unknown') return diff
  return {
    kind: 'known',
    before: withoutSecrets(diff.before, places),
    after: withoutSecrets(diff.after, places),
    changes: safeChanges(diff.changes, places),
  }
}

/** Changes carry their path as text, so that redaction by position does not reach them; it is done here. */
export function safeChanges(changes: readonly Change[], places: SecretPlaces | undefined): readonly Change[] {
  return changes.map((change) => {
    const copy: { kind: Change['kind']; path: string; before?: Json; after?: Json } = {
      kind: change.kind,
      path: change.path,
    }
    if (change.before !== undefined) copy.before = safeAt(change.path, change.before, places)
    if (change.after !== undefined) copy.after = safeAt(change.path, change.after, places)
    return copy
  })
}

function safeAt(path: string, value: Json, places: SecretPlaces | undefined): Json {
  if (path === '') return withoutSecrets(value, places)
  const keys = path.split('.')
  if (typeof value === 'string' && keys.some((key) => isSecretName(key) && !places?.open?.includes(key)))
    return SECRET_MARK
  let nested: Json = value
  for (const key of [...keys].reverse()) nested = { [key]: nested }
  let safe: Json = withoutSecrets(nested, places)
  for (const key of keys) {
    if (typeof safe !== 'object' || safe === null) return safe
    safe = (safe as { readonly [key: string]: Json })[key] ?? null
  }
  return safe
}
