import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import type { Collections } from './collections.ts'
import type {
  Authenticator,
  Client,
  ClientCredential,
  ClientGrant,
  Connection,
  CustomDomain,
  DiscoveryDomain,
  Invitation,
  Job,
  LogEvent,
  Member,
  NetworkAcl,
  Organization,
  OrganizationClient,
  OrganizationConnection,
  OrganizationGrant,
  PermissionList,
  RefreshToken,
  ResourceServer,
  Role,
  Session,
  SigningKeyRecord,
  Ticket,
  User,
  UserBlock,
  UserRoles,
} from './records.ts'
import { Table } from './table.ts'

/**
 * Every table of a tenant: its key, what may not occur twice, what records are looked up by, and which records they
 * refer to. A key that begins with `$` is private to the sandbox and never leaves it.
 */
function declareTables() {
  return {
    users: new Table<User>({
      name: 'user',
      key: 'user_id',
      missing: 'inexistent_user',
      indexes: {
        email: (user) => [user.email],
        // A connection and a value are one key: two directories may know the same address.
        identifier: (user) =>
          user.identities.flatMap(({ connection }) =>
            (['email', 'username', 'phone_number'] as const).map((field) =>
              user[field] === undefined ? undefined : `${connection} ${field} ${user[field]}`,
            ),
          ),
        connection: (user) => user.identities.map((identity) => identity.connection),
      },
    }),
    clients: new Table<Client>({
      name: 'client',
      key: 'client_id',
      missing: 'inexistent_client',
      indexes: { alias: (client) => client.client_aliases ?? [] },
    }),
    clientGrants: new Table<ClientGrant>({
      name: 'client grant',
      key: 'id',
      missing: 'inexistent_client_grant',
      references: { client_id: 'clients' },
      indexes: { audience: (grant) => [grant.audience] },
    }),
    resourceServers: new Table<ResourceServer>({
      name: 'resource server',
      key: 'id',
      unique: ['identifier'],
      missing: 'inexistent_resource_server',
    }),
    connections: new Table<Connection>({
      name: 'connection',
      key: 'id',
      unique: ['name'],
      missing: 'inexistent_connection',
      references: { $clients: 'clients' },
      indexes: { realm: (connection) => connection.realms ?? [] },
    }),
    organizations: new Table<Organization>({ name: 'organization', key: 'id', unique: ['name'] }),
    roles: new Table<Role>({ name: 'role', key: 'id', unique: ['name'] }),
    networkAcls: new Table<NetworkAcl>({ name: 'network ACL', key: 'id' }),
    customDomains: new Table<CustomDomain>({
      name: 'custom domain',
      key: 'custom_domain_id',
      unique: ['domain'],
      missing: 'inexistent_custom_domain',
    }),
    jobs: new Table<Job>({ name: 'job', key: 'id', missing: 'inexistent_job' }),
    logs: new Table<LogEvent>({ name: 'log event', key: 'log_id', indexes: { user: (event) => [event.user_id] } }),
    tickets: new Table<Ticket>({ name: 'ticket', references: { user_id: 'users' } }),
    invitations: new Table<Invitation>({
      name: 'invitation',
      key: 'id',
      references: { organization_id: 'organizations', client_id: 'clients', roles: 'roles' },
    }),
    members: new Table<Member>({
      name: 'member',
      references: { organization_id: 'organizations', user_id: 'users', roles: 'roles' },
    }),
    organizationConnections: new Table<OrganizationConnection>({
      name: 'enabled connection',
      references: { organization_id: 'organizations', connection_id: 'connections' },
    }),
    organizationClients: new Table<OrganizationClient>({
      name: 'client',
      references: { organization_id: 'organizations', client_id: 'clients' },
    }),
    organizationGrants: new Table<OrganizationGrant>({
      name: 'client grant',
      references: { organization_id: 'organizations', grant_id: 'clientGrants' },
    }),
    discoveryDomains: new Table<DiscoveryDomain>({
      name: 'discovery domain',
      key: 'id',
      unique: ['domain'],
      references: { organization_id: 'organizations' },
    }),
    userRoles: new Table<UserRoles>({ name: 'role', owner: 'users', references: { roles: 'roles' } }),
    userPermissions: new Table<PermissionList>({ name: 'permission', owner: 'users' }),
    rolePermissions: new Table<PermissionList>({ name: 'permission', owner: 'roles' }),
    userBlocks: new Table<UserBlock>({ name: 'block', owner: 'users' }),
    authenticators: new Table<Authenticator>({ name: 'authenticator', key: 'id', references: { user_id: 'users' } }),
    authenticationKeys: new Table<Authenticator>({
      name: 'authentication method',
      key: 'id',
      references: { user_id: 'users' },
    }),
    sessions: new Table<Session>({ name: 'session', key: 'id', references: { user_id: 'users' } }),
    refreshTokens: new Table<RefreshToken>({
      name: 'refresh token',
      key: 'id',
      references: { user_id: 'users', client_id: 'clients' },
    }),
    signingKeys: new Table<SigningKeyRecord>({ name: 'key', key: 'kid' }),
    clientCredentials: new Table<ClientCredential>({
      name: 'credential',
      key: 'id',
      references: { client_id: 'clients' },
    }),
  }
}

type Declared = ReturnType<typeof declareTables>

/** The state of a tenant: a table for each kind of record that code of the sandbox knows, and the rest by path. */
export type Tables = Readonly<Declared> & {
  /** Any other collection, by its path (`/api/v2/log-streams`) or by a name of the sandbox's own (`sandbox/…`). */
  readonly others: Map<string, Table>
  /** Single documents such as settings, by path; `tenant` is the tenant settings. */
  readonly documents: Map<string, JsonObject>
}

/** Names of the tables that hold records of one kind. */
export const NAMED_TABLES = [...Object.keys(declareTables()), 'documents'] as readonly (keyof Declared | 'documents')[]

/** Tables as JSON data: lists of `[key, record]`, in order of creation. */
type TablesData = { readonly [name: string]: Json }

/** Empty tables, each tied to those that it refers to. */
export function createTables(): Tables {
  const made = declareTables()
  const byName = made as unknown as Readonly<Record<string, Table>>
  for (const [name, table] of Object.entries(byName)) {
    const { owner, references = {} } = table.rules
    for (const [field, other] of [
      ...Object.entries(references),
      ...(owner === undefined ? [] : [[undefined, owner]]),
    ]) {
      const target = other === undefined ? undefined : byName[other]
      if (target === undefined) throw new Error(`The table ${name} refers to ${other}, which is not declared.`)
      table.dependsOn(target, field)
    }
  }
  return { ...made, others: new Map(), documents: new Map() }
}

/** The name under which `collection` finds a table: `clientGrants` as `client-grants`. */
const NAMES = new Map(
  NAMED_TABLES.map((name) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), name]),
)

/**
 * The records of one collection by its name (`user-roles`, a path, `sandbox/…`), made when missing. A collection whose
 * name holds an id says the type of its records where it is looked up.
 */
export function collection<N extends keyof Collections>(tables: Tables, name: N): Table<Collections[N]>
export function collection<R extends JsonObject = JsonObject>(tables: Tables, name: string): Table<R>
export function collection(tables: Tables, name: string): Table {
  const named = NAMES.get(name)
  if (named !== undefined) return tables[named] as unknown as Table
  const found = tables.others.get(name)
  if (found !== undefined) return found
  const made = new Table({ name })
  tables.others.set(name, made)
  return made
}

/** Takes away what lies below a record that is gone: collections and documents by their path. */
export function removeNested(tables: Tables, prefix: string): void {
  for (const path of tables.others.keys()) if (path.startsWith(prefix)) tables.others.delete(path)
  for (const path of tables.documents.keys()) if (path.startsWith(prefix)) tables.documents.delete(path)
}

/**
 * A copy of everything in the tables.
 * @param storedOnly leaves out records that are made when they are first read
 */
export function dumpTables(tables: Tables, storedOnly = false): TablesData {
  const recordsOf = (table: Map<string, JsonObject>): unknown =>
    storedOnly && table instanceof Table ? table.stored() : [...table]
  const named = NAMED_TABLES.map((name) => [name, recordsOf(tables[name] as unknown as Map<string, JsonObject>)])
  const others = [...tables.others].map(([name, records]) => [name, [...records]])
  return structuredClone(Object.fromEntries([...named, ['others', others]])) as TablesData
}

/** Whether data can fill tables; what cannot must be refused before the first table is emptied. */
export function isTablesData(data: Json | undefined): data is TablesData & JsonObject {
  if (!isJsonObject(data) || !areEntries(data.others, (records) => areEntries(records, isJsonObject))) return false
  return NAMED_TABLES.every((name) => data[name] === undefined || areEntries(data[name], isJsonObject))
}

function areEntries(list: Json | undefined, fits: (value: Json | undefined) => boolean): boolean {
  if (!Array.isArray(list)) return false
  return list.every((each) => Array.isArray(each) && each.length === 2 && typeof each[0] === 'string' && fits(each[1]))
}

/** Replaces everything in the tables by a copy of `data`. The tables stay the same objects. */
export function fillTables(tables: Tables, data: TablesData): void {
  const copy = structuredClone(data) as unknown as Record<string, [string, JsonObject][]> & {
    others: [string, [string, JsonObject][]][]
  }
  for (const name of NAMED_TABLES) {
    // A state that was saved before there was such a table leaves what the tenant starts with.
    if (copy[name] === undefined) continue
    const records: Map<string, JsonObject> = tables[name] as unknown as Table
    records.clear()
    for (const [key, record] of copy[name]) records.set(key, record)
  }
  for (const records of tables.others.values()) records.clear()
  for (const [name, records] of copy.others) {
    const into = collection(tables, name)
    for (const [key, record] of records) into.set(key, record)
  }
}
