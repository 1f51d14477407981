import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Connection, Table, User } from '../../tenant/index.ts'
import { refuse, refuseBody, refuseQuery, reply } from '../answer.ts'
import { inOrder, page } from '../paging.ts'
import { projectShown } from '../projection.ts'
import { bodyOf, objectOf, parameter, seenAt, stringOf } from '../records.ts'
import { comparison, compileQuery } from '../search/index.ts'
import { sendVerificationEmail } from '../tickets.ts'
import { checkPassword } from './password-policy.ts'
import {
  addUser,
  checkMetadata,
  checkSubject,
  connectionByName,
  holds,
  publicUser,
  removeUser,
  userOf,
} from './store.ts'

const searchRules = {
  bare: ['email', 'name', 'given_name', 'family_name', 'nickname', 'username', 'phone_number', 'user_id'],
  caseless: ['email', 'name', 'given_name', 'family_name', 'nickname'],
  exactOnly: ['user_metadata'],
}

/** GET /users. Page: https://auth0.com/docs/manage-users/user-search */
const list: ManagementHandler = (call) => {
  const { q, search_engine: engine, sort, connection } = call.query
  if (engine === 'v1' || engine === 'v2') {
    refuseQuery(`The search engine ${engine} is not available on this tenant; use search_engine=v3.`)
  }
  if (connection !== undefined && engine === 'v3') {
    refuseQuery('The query parameter connection belongs to the first search engine; use q=identities.connection:"…".')
  }
  const show = (user: JsonObject): JsonObject => projectShown(call, publicUser(call, user as User))
  const rules = { key: 'users', offset: { least: 0 }, totals: 'total-and-length', window: true, show } as const
  const { users } = call.tenant.tables
  const seen = seenIn(users, seenAt(call.tenant, 'search'))
  const test = q === undefined || q.trim() === '' ? undefined : compileQuery(q, searchRules)
  if (test === undefined && connection === undefined && sort === undefined) return page(call, inOrder(seen), rules)
  const ordered = candidates(users, seen, q) ?? orderedUsers(users, seen, sort)
  const named =
    connection === undefined
      ? ordered
      : ordered.filter((user) => user.identities.some((identity) => identity.connection === connection))
  return page(call, test === undefined ? named : named.filter(test), rules)
}

function seenIn(users: Table<User>, at: number | undefined): ReadonlyMap<string, User> {
  return at === undefined ? users : users.asOf(at)
}

/** A search for one address, which most are, looks at those that have it; `undefined` for every other search. */
function candidates(
  users: Table<User>,
  seen: ReadonlyMap<string, User>,
  q: string | undefined,
): readonly User[] | undefined {
  const [, quoted, bare] = /^\s*email:(?:"([^"\\*]+)"|([^\s"()*:\\]+))\s*$/.exec(q ?? '') ?? []
  const email = quoted ?? bare
  return email === undefined || seen !== users ? undefined : users.where('email', email.toLowerCase())
}

/** All users in the order that was asked for; the order of a table is kept until the table changes. */
function orderedUsers(users: Table<User>, seen: ReadonlyMap<string, User>, sort: string | undefined): readonly User[] {
  const refused = ['user_metadata', 'app_metadata']
  if (sort === undefined) return [...seen.values()]
  const compare = comparison(sort, refused)
  return seen === users ? users.ordered(sort, compare) : [...seen.values()].sort(compare)
}

const listByEmail: ManagementHandler = (call) => {
  const email = call.query['email']
  if (email === undefined) return refuseQuery("Query validation error: 'Missing required property: email'.")
  const found = call.tenant.tables.users.where('email', email)
  return reply(
    200,
    found.map((user) => projectShown(call, publicUser(call, user))),
  )
}

const get: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  checkSubject(call, id)
  return reply(200, projectShown(call, publicUser(call, userOf(call.tenant, id))))
}

/** DELETE /users/{id} answers 204 for unknown ids as well. */
const remove: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  checkSubject(call, id)
  removeUser(call.tenant, id)
  return reply(204)
}

/** POST /users. Page: https://auth0.com/docs/manage-users/user-accounts/create-users */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const connection = writableConnection(call, stringOf(body['connection']) ?? '')
  checkMetadata(body)
  checkIdentifiers(body, connection)
  const password = stringOf(body['password'])
  if (connection.strategy === 'auth0') {
    if (password === undefined) {
      return refuseBody(
        "Payload validation error: 'Missing required property: password'. A database connection needs it.",
      )
    }
    checkPassword(connection, body, password)
  }
  checkUnique(call, body, connection)
  const user = addUser(call.tenant, { connection, profile: body, ...(password === undefined ? {} : { password }) })
  const verified = user.email_verified === true
  if (user.email !== undefined && !verified && body['verify_email'] !== false && connection.strategy === 'auth0') {
    sendVerificationEmail(call.tenant, user, { domain: call.linkDomain, origin: call.linkOrigin })
  }
  return reply(201, publicUser(call, user))
}

function writableConnection(call: ManagementCall, name: string): Connection {
  const connection = connectionByName(call.tenant, name)
  if (connection === undefined) return refuse(400, 'The connection does not exist.', 'inexistent_connection')
  if (connection.$disabled === true) return refuse(400, 'The connection is disabled.', 'connection_disabled')
  if (!['auth0', 'email', 'sms'].includes(connection.strategy)) {
    return refuseBody(`Users can be created in database and passwordless connections only, and '${name}' is neither.`)
  }
  return connection
}

/** What a connection lets a user be known by. */
function identifiersOf(connection: Connection): {
  readonly allowed: readonly string[]
  readonly active: readonly string[]
} {
  const options = objectOf(connection.options)
  if (connection.strategy === 'sms') return { allowed: ['phone_number', 'email'], active: ['phone_number'] }
  const attributes = objectOf(options?.['attributes'])
  if (attributes === undefined) {
    const name = options?.['requires_username'] === true ? ['username'] : []
    return { allowed: ['email', 'phone_number', ...name], active: name.length > 0 ? name : ['email'] }
  }
  // Flexible identifiers: any attribute that is an active identifier suffices.
  const active = Object.keys(attributes).filter(
    (name) => objectOf(objectOf(attributes[name])?.['identifier'])?.['active'] === true,
  )
  return { allowed: Object.keys(attributes), active: active.length > 0 ? active : ['email'] }
}

function checkIdentifiers(body: JsonObject, connection: Connection): void {
  const { active, allowed } = identifiersOf(connection)
  if (body['username'] !== undefined && !allowed.includes('username')) {
    refuseBody('Cannot set username for connection without requires_username.')
  }
  if (!active.some((name) => body[name] !== undefined)) {
    if (active.length === 1 && active[0] === 'username')
      refuseBody('Missing username for connection with requires_username option enabled.')
    refuseBody(`Payload validation error: 'Missing required property: ${active.join(' or ')}'.`)
  }
  const id = stringOf(body['user_id'])
  if (id !== undefined && (id.length > 255 || /\s/.test(id))) {
    refuseBody(
      `Payload validation error: 'user_id must have at most 255 characters and no blanks' on property user_id.`,
    )
  }
}

function checkUnique(call: ManagementCall, body: JsonObject, connection: Connection): void {
  const { name } = connection
  const { active } = identifiersOf(connection)
  const fields = (['email', 'username', 'phone_number'] as const).filter(
    (field) => field !== 'phone_number' || active.includes(field),
  )
  const taken = fields.some((field) => {
    const value = stringOf(body[field])
    return (
      value !== undefined && holds(call.tenant, name, field, field === 'phone_number' ? value : value.toLowerCase())
    )
  })
  const id = stringOf(body['user_id'])
  const known = id !== undefined && call.tenant.tables.users.has(`${connection.strategy}|${id}`)
  if (taken || known) refuse(409, 'The user already exists.', 'auth0_idp_error')
}

export const userHandlers: Readonly<Record<string, ManagementHandler>> = {
  'users.list': list,
  'users.listUsersByEmail': listByEmail,
  'users.get': get,
  'users.delete': remove,
  'users.create': create,
}
