// The words that were chosen by hand, one row each. `node scripts/catalogue.mjs` makes of them the interfaces that a
// reader meets (src/grammar/generated/), and the table that checks names, writes the wire, and feeds help, completion and
// search (src/catalogue/generated/words.ts).
import { browserSets, browserWords } from './browser.mjs'
import { loginSets, loginWords } from './login.mjs'
import { mfaSets, mfaWords } from './mfa.mjs'
import { treeWords } from './tree.mjs'
import { userSets, userWords } from './users.mjs'

/** Sets of words; each becomes an interface. The first is the session itself. */
export const wordSets = [
  { path: '', interface: 'AuthenticationWords', says: 'The words of the Authentication API, chosen by hand.' },
  ...loginSets,
  ...mfaSets,
  ...userSets,
  ...browserSets,
]

/** Words of the Authentication API. */
export const authenticationWords = [...loginWords, ...mfaWords, ...userWords, ...browserWords]

/** Words of the Management API whose interfaces are written by hand. */
export const managementWords = treeWords
