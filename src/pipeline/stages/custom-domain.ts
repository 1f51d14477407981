import { customDomainVerdict } from '../../wire/index.ts'
import { builtIn, type Stage } from '../stage.ts'

const HEADER = 'auth0-custom-domain'

/**
 * The stage that takes the `Auth0-Custom-Domain` header off requests on which Auth0 does not honour it. Without it the
 * header rides on every request.
 *
 * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains
 * @example
 * const auth0 = connect({ ...tenant.options, pipeline: [retry(), token(), customDomain()] })
 * await auth0.users.list().run()
 */
export function customDomain(): Stage {
  return builtIn(['customDomain'], (next) => (operation) => {
    const domain = operation.request.headers[HEADER]
    if (domain === undefined) return next(operation)
    const { verdict } = customDomainVerdict(operation.plan, operation.row, domain)
    if (verdict === 'sent') return next(operation)
    const { [HEADER]: _, ...headers } = operation.request.headers
    return next({ ...operation, request: { ...operation.request, headers } })
  })
}
