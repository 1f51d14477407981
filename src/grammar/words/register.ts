import { fieldsOf, meantClause, nearMiss } from '../../catalogue/index.ts'
import { type Bind, type Json, type Plan, planData, ValidationError } from '../../plan/index.ts'
import type { RegisteredApplication } from '../answers.ts'
import type { RegisterApplication } from '../generated/index.ts'
import { cleanArgument, NotJson } from '../tree-json.ts'
import { describe } from './arguments.ts'

const PLACE = 'auth0.register'

/** `auth0.register`: an application registers itself. */
export function registerWord(bind: Bind) {
  return (application: RegisterApplication): Plan<RegisteredApplication> => {
    const redirects: unknown = (application as Partial<RegisterApplication> | undefined)?.redirect_uris
    if (!Array.isArray(redirects) || redirects.length === 0) {
      throw refusal('redirect_uris', 'must be a list with an address', `it got ${describe(redirects)}`)
    }
    const names = fieldsOf('register').map(({ name }) => name)
    for (const name of Object.keys(application)) {
      const near = names.includes(name) ? undefined : nearMiss(name, names)
      if (near !== undefined) throw refusal(name, 'is not a field here', meantClause(near).slice(2, -1), near)
    }
    try {
      const { json, secrets } = cleanArgument(application, [])
      return bind<RegisteredApplication>(planData({ op: 'authentication.register', body: json as Json }), secrets)
    } catch (cause) {
      if (!(cause instanceof NotJson)) throw cause
      throw refusal(cause.path, `cannot be sent: ${cause.rule}`, 'pass what JSON can carry')
    }
  }
}

function refusal(path: string, rule: string, hint: string, suggestion?: string): ValidationError {
  return new ValidationError(`${PLACE}: ${path} ${rule} (${hint}). Write ${PLACE}({ redirect_uris: ['https://…'] }).`, {
    issues: [{ path, rule, ...(suggestion !== undefined && { suggestion }) }],
  })
}
