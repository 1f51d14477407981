// Many tenants in one process, each with a limit of its own: none may wait for another, and no write may go astray.
import { connect } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'

export async function run({ short }) {
  const tenants = short ? 20 : 200
  const writes = short ? 20 : 50
  const limit = { burst: 10, perSecond: 10 }
  const all = await Promise.all(
    Array.from({ length: tenants }, (_, index) =>
      sandbox({ seed: index, domain: `chaos-${index}.tenantlab.local`, clock: 'real', tls: false, rateLimit: limit }),
    ),
  )
  const started = performance.now()
  const failures = await Promise.all(
    all.map(async (tenant, index) => {
      const auth0 = connect(tenant.options)
      const runs = Array.from({ length: writes }, (_, write) =>
        auth0.roles
          .create({ name: `${index}-${write}` })
          .run()
          .outcome(),
      )
      const outcomes = await Promise.all(runs)
      return outcomes.filter(({ status }) => status === 'error').length
    }),
  )
  const took = (performance.now() - started) / 1000
  let astray = 0
  let missing = 0
  let refused = 0
  for (const [index, tenant] of all.entries()) {
    const posts = tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/roles')
    const made = posts.filter(({ status }) => status === 200)
    refused += posts.filter(({ status }) => status === 429).length
    missing += writes - new Set(made.map(({ body }) => body.name)).size
    astray += made.filter(({ body }) => !body.name.startsWith(`${index}-`)).length
  }
  await Promise.all(all.map((tenant) => tenant.close()))
  return {
    title: `${tenants} tenants, ${writes} writes each, in one process`,
    rows: [
      { what: 'writes that failed', count: failures.reduce((sum, each) => sum + each, 0), allowed: { most: 0 } },
      { what: 'writes that are missing', count: missing, allowed: { most: 0 } },
      { what: 'writes on another tenant', count: astray, allowed: { most: 0 } },
      { what: 'answers 429 per tenant', count: Number((refused / tenants).toFixed(2)), allowed: { most: 1 } },
      { what: 'writes a second, all tenants together', count: Math.round((tenants * writes) / took), allowed: {} },
    ],
  }
}
