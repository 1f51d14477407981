// Blocks a country with a network ACL: first inactive, to look at it, then active. Undo lifts it.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'block-a-country',
  description: 'Blocks a country with a network ACL; undo lifts the block.',
  params: z.object({
    country: z.string().length(2).describe('ISO 3166 code of the country'),
    scope: z.enum(['tenant', 'management', 'authentication']).default('authentication').describe('what is blocked'),
    priority: z.number().int().min(1).max(10).default(5).describe('a number that no other ACL has'),
  }),
  async *steps({ auth0, params, step }) {
    const { country, scope, priority } = params
    const description = `Block ${country}`
    const rule = { action: { block: true as const }, match: { geo_country_codes: [country] }, scope }
    const present = yield* step('read network ACLs', auth0.networkAcls.list().all(), { volatile: true })
    const taken = present.find((acl) => acl.priority === priority && acl.description !== description)
    if (taken !== undefined)
      throw new Error(`The priority ${priority} belongs to "${taken.description}". Give another --priority.`)
    const acl = yield* step(
      'create network ACL',
      auth0.networkAcls.create({ description, active: false, priority, rule }),
      {
        idempotencyCheck: doneWhen(auth0.networkAcls.list().all(), { description }),
        undo: ({ result }) => auth0.networkAcls(result.id ?? '').delete(),
      },
    )
    yield* step('activate it', auth0.networkAcls(acl.id ?? '').update({ active: true, rule }), {
      tags: ['activate'],
      confirm: `Everybody in ${country} will be refused. Activate the block?`,
      undo: auth0.networkAcls(acl.id ?? '').update({ active: false, rule }),
    })
  },
})
