import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import { collection, type SandboxClock, type Tables, type TenantEvent, type TenantEvents } from '../contract.ts'

const STORED = 'sandbox/events'
/** How many events can be read again; an older cursor is gone, as at Auth0. */
const MOST = 10_000
/** What a login changes in a profile; it is no news about the person. */
const OF_LOGINS = ['last_login', 'last_ip', 'logins_count']

/** The events of a tenant, and the way to keep quiet while its whole state is replaced. */
export interface OwnEvents extends TenantEvents {
  /** Runs a task whose changes are no events. */
  quietly<T>(task: () => T): T
}

/** Watches the tables of a tenant, and makes an event of each change that Auth0 tells as one. */
export function createEvents(tenantName: string, tables: Tables, clock: SandboxClock): OwnEvents {
  const listeners = new Set<(event: TenantEvent) => void>()
  const pending = new Set<(streamId: string) => void>()
  const stored = collection(tables, STORED)
  let quiet = 0
  let last = 0

  const publish = (type: string, object: JsonObject): void => {
    if (quiet > 0) return
    last += 1
    const offset = offsetOf(last)
    const event: JsonObject = {
      specversion: '1.0',
      type,
      source: `urn:auth0:${tenantName}`,
      id: eventId(tenantName, offset),
      time: new Date(clock.now()).toISOString(),
      data: { object },
      a0tenant: tenantName,
      a0stream: `est_${'0'.repeat(16)}`,
    }
    const message: TenantEvent = { type, offset, event }
    stored.set(offset, message as unknown as JsonObject)
    if (stored.size > MOST) for (const [oldest] of stored) if (stored.delete(oldest)) break
    for (const told of listeners) told(message)
  }

  const named = (id: unknown): JsonObject => {
    const { display_name, name } = tables.organizations.get(String(id)) ?? {}
    return compact({ id: String(id), name, display_name })
  }
  tables.users.watch((before, after) => {
    if (before === undefined && after) publish('user.created', person(after))
    else if (before && after === undefined)
      publish('user.deleted', { ...person(before), deleted_at: new Date(clock.now()).toISOString() })
    else if (before && after && differs(person(before), person(after))) publish('user.updated', person(after))
  })
  tables.organizations.watch((before, after) => {
    if (before === undefined && after) publish('organization.created', organization(after))
    else if (before && after === undefined) publish('organization.deleted', organization(before))
    else if (before && after && differs(organization(before), organization(after)))
      publish('organization.updated', organization(after))
  })
  tables.members.watch((before, after) => {
    const member = after ?? before
    if (!member) return
    const object = { organization: named(member.organization_id), user: { user_id: String(member.user_id) } }
    if (before === undefined) publish('organization.member.added', object)
    const [had, has] = [rolesOf(before), rolesOf(after)]
    const role = (id: string): JsonObject => compact({ id, name: tables.roles.get(id)?.name })
    for (const id of has.filter((each) => !had.includes(each)))
      publish('organization.member.role.assigned', { ...object, role: role(id) })
    for (const id of had.filter((each) => !has.includes(each)))
      publish('organization.member.role.deleted', { ...object, role: role(id) })
    if (after === undefined) publish('organization.member.deleted', object)
  })
  tables.organizationConnections.watch((before, after) => {
    const record = after ?? before
    if (!record) return
    const object = { organization: named(record.organization_id), connection: { id: String(record.connection_id) } }
    const what = before === undefined ? 'added' : after === undefined ? 'removed' : 'updated'
    publish(`organization.connection.${what}`, object)
  })

  return {
    get latest() {
      return offsetOf(last)
    },
    since(offset) {
      const [oldest] = stored.keys()
      if (!/^\d{12}$/.test(offset)) return undefined
      if (oldest !== undefined && Number(offset) < Number(oldest) - 1) return undefined
      return [...stored].filter(([key]) => key > offset).map(([, event]) => event as unknown as TenantEvent)
    },
    sinceTime(time) {
      return [...stored.values()]
        .filter(({ event }) => isJsonObject(event) && Date.parse(String(event.time)) >= time)
        .map((event) => event as unknown as TenantEvent)
    },
    subscribe(told) {
      listeners.add(told)
      return () => listeners.delete(told)
    },
    deliverPending(streamId) {
      for (const told of pending) told(streamId)
    },
    onPending(told) {
      pending.add(told)
    },
    quietly(task) {
      quiet += 1
      try {
        return task()
      } finally {
        quiet -= 1
        last = Number([...stored.keys()].at(-1) ?? 0)
      }
    },
  }
}

function offsetOf(count: number): string {
  return String(count).padStart(12, '0')
}

/** An id of its own for each event. It is no draw of the tenant's random source: events must not change other ids. */
function eventId(tenantName: string, offset: string): string {
  const digest = createHash('sha256').update(`${tenantName} ${offset}`).digest('hex')
  return `evt_${digest.slice(0, 16)}`
}

function rolesOf(member: JsonObject | undefined): readonly string[] {
  return Array.isArray(member?.roles) ? member.roles.map(String) : []
}

/** A profile as events show it: nothing private, no tokens, and nothing that only a login changes. */
function person(user: JsonObject): JsonObject {
  const identities = (Array.isArray(user.identities) ? user.identities : []).filter(isJsonObject).map(shownKeys)
  return { ...shownKeys(user), identities }
}

function shownKeys(record: JsonObject): JsonObject {
  const hidden = (key: string): boolean => key.startsWith('$') || /token/.test(key) || OF_LOGINS.includes(key)
  return Object.fromEntries(Object.entries(record).filter(([key]) => !hidden(key)))
}

function organization({ branding, display_name, id, metadata, name }: JsonObject): JsonObject {
  return compact({ id, name, display_name, metadata, branding })
}

function compact(record: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as JsonObject
}

function differs(before: JsonObject, after: JsonObject): boolean {
  return JSON.stringify(before) !== JSON.stringify(after)
}
