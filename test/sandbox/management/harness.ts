import { expect } from 'vitest'
import { row } from '../../../src/catalogue/index.ts'
import type { Json, JsonObject } from '../../../src/plan/index.ts'
import type { ManagementCall, ManagementReply, OutboxMessage, Tenant } from '../../../src/sandbox/contract.ts'
import type { SandboxOptions } from '../../../src/sandbox/index.ts'
import { createTenant, type Lab } from '../../../src/sandbox/lab.ts'
import { genericHandler, managementHandlers } from '../../../src/sandbox/management/index.ts'
import { printForManagement, Refusal } from '../../../src/sandbox/refusal.ts'

/** What a test says about a call; the rest is a fully entitled caller on the canonical domain. */
export interface CallOptions {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly parts?: Readonly<Record<string, string>>
  readonly claims?: JsonObject
  readonly scopes?: readonly string[]
  readonly linkDomain?: string
}

/** An answer whose body a test can look into without narrowing. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape and assert on what they find
  readonly body: any
  readonly headers: Readonly<Record<string, string>>
}

/** A tenant without sockets, and the way to call its operations. */
export interface Bench {
  readonly lab: Lab
  readonly tenant: Tenant
  readonly user: string
  readonly other: string
  readonly connection: string
  readonly client: string
  readonly organization: string
  readonly mails: () => readonly OutboxMessage[]
  call(id: string, options?: CallOptions): Promise<Answer>
}

export function bench(options: SandboxOptions = {}): Bench {
  const lab = createTenant({ seed: 'management', clock: 'fixed', ...options })
  const { core: tenant, seed } = lab
  return {
    lab,
    tenant,
    user: seed.users[0]?.user_id ?? '',
    other: seed.users[1]?.user_id ?? '',
    connection: seed.connection.id,
    client: seed.clients[0]?.client_id ?? '',
    organization: seed.organizations[0]?.id ?? '',
    mails: () => lab.outbox.email,
    async call(id, options = {}) {
      const found = row(id)
      if (found === undefined) throw new Error(`The catalogue has no operation ${id}.`)
      const call: ManagementCall = {
        tenant,
        row: found,
        params: options.params ?? {},
        query: options.query ?? {},
        body: options.body,
        ...(options.parts === undefined ? {} : { parts: options.parts }),
        claims: options.claims ?? { azp: seed.clients[0]?.client_id ?? '', iss: `https://${tenant.domain}/` },
        scopes: options.scopes ?? [...found.scopes, 'read:client_keys', 'update:client_keys'],
        origin: `https://${tenant.domain}`,
        linkDomain: options.linkDomain ?? tenant.domain,
        linkOrigin: `https://${options.linkDomain ?? tenant.domain}`,
      }
      const handler = managementHandlers.get(id) ?? genericHandler
      const reply: ManagementReply = await (async () => handler(call))().catch((error: unknown) => {
        if (error instanceof Refusal) return printForManagement(error)
        throw error
      })
      return { status: reply.status, body: reply.body, headers: reply.headers ?? {} }
    },
  }
}

/** An error body of the Management API. */
export function failed(statusCode: number, message: RegExp | string, errorCode?: string): object {
  const text = typeof message === 'string' ? message : expect.stringMatching(message)
  return { status: statusCode, body: { statusCode, message: text, ...(errorCode === undefined ? {} : { errorCode }) } }
}
