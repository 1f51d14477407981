import { fields } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { SECRET_MARK } from '../secrets.ts'

/** What may be said of a secret: its name and where it came from. */
export interface SecretView {
  readonly name: string
  readonly source: string
}

/** The look of a secret that a notebook holds; the value is in no form of it. */
export function showSecret({ name, source }: SecretView): Look {
  return lookOf(
    () => ({ title: `Secret ${name}`, blocks: [fields(['value', SECRET_MARK], ['source', source])] }),
    () => ({ name, value: SECRET_MARK, source }),
  )
}
