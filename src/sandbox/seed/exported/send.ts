import { row } from '../../../catalogue/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import type { ManagementReply } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { genericHandler, managementHandlers } from '../../management/index.ts'
import { Refusal } from '../../refusal.ts'

/** Calls an operation; its answer, or `undefined` where it was refused, which is told. */
export type Send = (
  id: string,
  body: Json | undefined,
  params?: Readonly<Record<string, string>>,
) => JsonObject | undefined

/** Calls operations with every scope; what is refused is told, and the rest goes on. */
export function sender(core: Core, refused: (sentence: string) => void): Send {
  return (id, body, params = {}) => {
    const found = row(id)
    if (found === undefined) throw new Error(`The catalogue has no operation ${id}; this is a defect of tenantlab.`)
    const call = {
      tenant: core,
      row: found,
      params,
      query: {},
      body: body === undefined ? undefined : writable(body),
      claims: {},
      scopes: [...found.scopes, 'read:client_keys', 'update:client_keys'],
      origin: `https://${core.domain}`,
      linkDomain: core.domain,
      linkOrigin: `https://${core.domain}`,
    }
    try {
      const reply = (managementHandlers.get(id) ?? genericHandler)(call) as ManagementReply
      return isJsonObject(reply.body) ? reply.body : {}
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const name = isJsonObject(body) ? (body['name'] ?? body['domain'] ?? body['template']) : undefined
      refused(`${id}${typeof name === 'string' ? ` of ${name}` : ''}: ${error.message}`)
      return undefined
    }
  }
}

/** Without what is masked in an export: a secret that reads `##NAME##` is not one. */
function writable(body: Json): Json {
  if (Array.isArray(body)) return body.map((each) => writable(each))
  if (!isJsonObject(body)) return body
  const kept = Object.entries(body).filter(([, value]) => typeof value !== 'string' || !/^##.*##$/.test(value))
  return Object.fromEntries(kept.map(([name, value]) => [name, writable(value)]))
}
