import { isIP } from 'node:net'
import type { JsonObject } from '../../../plan/index.ts'
import { refuseBody } from '../answer.ts'
import { listOf, objectOf } from '../records.ts'

const mostValues = 20
const effects = ['allow', 'block', 'redirect']

/**
 * Checks what the schema of a network ACL's rule does not say: one effect, the target of a redirect, unique values, at
 * most twenty per signal.
 * Page: https://auth0.com/docs/secure/tenant-access-control-list/reference
 */
export function checkRule(rule: JsonObject): void {
  const action = objectOf(rule['action']) ?? {}
  const named = effects.filter((effect) => action[effect] === true)
  if (action['redirect'] === true && action['redirect_uri'] === undefined) {
    refuseBody('Payload validation error: Action type of `redirect` requires a `redirect_uri`')
  }
  if (action['redirect_uri'] !== undefined && action['redirect'] !== true) {
    refuseBody('Payload validation error: A `redirect_uri` requires an action type of `redirect`')
  }
  if (named.length > 1 || (named.length === 0 && action['log'] !== true)) {
    refuseBody(
      "Payload validation error: 'Exactly one of allow, block, redirect is required, or log alone' on property rule.action.",
    )
  }
  if (rule['match_all'] === true && (rule['match'] ?? rule['not_match']) !== undefined) {
    refuseBody(
      "Payload validation error: 'match_all cannot be used together with match or not_match' on property rule.match_all.",
    )
  }
  for (const side of ['match', 'not_match']) {
    for (const [signal, values] of Object.entries(objectOf(rule[side]) ?? {})) {
      checkValues(`rule.${side}.${signal}`, signal, listOf(values))
    }
  }
}

function checkValues(property: string, signal: string, values: readonly unknown[]): void {
  if (values.length > mostValues) {
    refuseBody(
      `Payload validation error: 'Array is too long (${values.length}), maximum ${mostValues}' on property ${property}.`,
    )
  }
  const second = values.findIndex((value, index) => values.indexOf(value) !== index)
  if (second >= 0) {
    const first = values.indexOf(values[second])
    refuseBody(
      `Payload validation error: 'Array items are not unique (indexes ${first} and ${second})' on property ${property}.`,
    )
  }
  const family = /ipv([46])_cidrs$/.exec(signal)?.[1]
  if (family === undefined) return
  for (const [index, value] of values.entries()) {
    if (!isNetwork(String(value), family === '4' ? 4 : 6)) {
      refuseBody(
        `Payload validation error: 'Object didn't pass validation for format ipv${family} or cidr: ${String(value)}' on property ${property}[${index}].`,
      )
    }
  }
}

function isNetwork(value: string, family: 4 | 6): boolean {
  const [address = '', length] = value.split('/')
  if (isIP(address) !== family) return false
  if (length === undefined) return true
  return /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128)
}
