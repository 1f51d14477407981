import { meantSentence, nearest } from './nearest.ts'

/** The fields of a user that a search reads; below the last three any name may stand. */
const FIELDS =
  'user_id email email_verified username phone_number phone_verified created_at updated_at picture name nickname multifactor multifactor_last_modified last_ip last_login last_password_reset logins_count blocked given_name family_name organization_id identities app_metadata user_metadata'.split(
    ' ',
  )

/** Fields that a user has from the first login on. */
const SINCE_LOGIN = ['logins_count', 'last_login', 'last_ip']

/**
 * What is likely wrong in a query of the user search that is valid as it is written: a field that no user has, or a search
 * for those who never logged in by a field that they lack.
 * Page: https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 *
 * @param op Id of the operation; any but the list of users has no hints.
 * @param query Its parameters; without a text under `q` there are no hints.
 */
export function hintsOfQuery(op: string, query: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const q = query?.q
  if (op !== 'users.list' || typeof q !== 'string') return []
  const bare = q.replace(/"(?:[^"\\]|\\.)*"|\[[^\]}]*[\]}]|\{[^\]}]*[\]}]/g, '""')
  const named = [...bare.matchAll(/(?<![^\s(+\-!])([\w][\w.-]*):([^\s)]*)/g)].map(([, name = '', value = '']) =>
    name === '_exists_' ? { name: value, value: '' } : { name, value },
  )
  const absent = new Set([...q.matchAll(/(?:NOT\s+|-|!)_exists_:([\w.]+)/g)].map(([, name]) => name))
  const hints = named.flatMap(({ name, value }) => {
    const root = name.split('.')[0] ?? ''
    if (!FIELDS.includes(root)) return [unknownField(name, root)]
    const none = value === '0' || value === 'null'
    return SINCE_LOGIN.includes(name) && none && !absent.has(name) ? [neverLoggedIn(name, value)] : []
  })
  return [...new Set(hints)]
}

function unknownField(name: string, root: string): string {
  const meant = meantSentence(nearest(root, FIELDS), '', (near) => near + name.slice(root.length))
  return [
    `${name} in q is not among the user fields that Auth0 documents, and a search by an unknown field finds nobody.`,
    meant,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function neverLoggedIn(name: string, value: string): string {
  const or = value === '0' ? `(NOT _exists_:${name}) OR ${name}:0` : `NOT _exists_:${name}`
  return `Users who never logged in have no ${name}: write q: '${or}' to find them.`
}
