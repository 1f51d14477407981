import type { Tenant } from './contract.ts'
import type { Host, MovableClock, StatefulRandom } from './tenant/index.ts'

/** What the parts of the sandbox's own half share beyond the contract. */
export interface Core extends Tenant {
  readonly clock: MovableClock
  readonly random: StatefulRandom
  /** Which host of the tenant an authority (`name` or `name:port`) is; `undefined` for a stranger. */
  hostOf(authority: string): Host | undefined
  /** Whether what Auth0's document does not name is refused. */
  readonly refusesUnknown: boolean
  /** True where `login_hint` at `/authorize` signs its person in, without a page. */
  readonly signsInByLoginHint: boolean
}
