// Blocks a country with a network ACL for a given time, an hour if not told otherwise, and lifts the block again. A
// run that is resumed waits for the rest of the time. Undo lifts the block at once and takes the network ACL away.
import { defineRunbook, doneWhen, waitFor } from 'tenantlab/runbook'
import { z } from 'zod'

const WHOM = {
  tenant: 'Everybody',
  management: 'Every call of the Management API',
  authentication: 'Every login',
} as const

export default defineRunbook({
  name: 'block-a-country',
  description: 'Blocks a country with a network ACL for a given time, and lifts the block again.',
  params: z.object({
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be two capital letters, such as IM')
      .describe('ISO 3166 code of the country, such as IM'),
    minutes: z.number().positive().max(43_200).default(60).describe('how long the block lasts'),
    scope: z.enum(['tenant', 'management', 'authentication']).default('authentication').describe('what is blocked'),
    priority: z.number().int().min(1).max(10).default(5).describe('a number that no other ACL has'),
  }),
  async *steps({ auth0, params, step, say }) {
    const { country, minutes, scope, priority } = params
    const description = `Block ${country}`
    const rule = { action: { block: true as const }, match: { geo_country_codes: [country] }, scope }
    const present = yield* step('read network ACLs', auth0.networkAcls.list().all(), { volatile: true })
    const taken = present.find((acl) => acl.priority === priority && acl.description !== description)
    if (taken !== undefined)
      throw new Error(`The priority ${priority} belongs to "${taken.description}". Give another --priority.`)
    const earlier = present.find((acl) => acl.description === description)
    if (earlier?.active)
      throw new Error(`"${description}" is active already, and is not this run's to lift. Deactivate it first.`)
    say(
      `${WHOM[scope]} from ${country} is refused for ${minutes} minutes. If this run is interrupted, --resume lifts it.`,
    )
    const acl =
      earlier ??
      (yield* step('create network ACL', auth0.networkAcls.create({ description, active: false, priority, rule }), {
        doneWhen: doneWhen(auth0.networkAcls.list().all(), { description }),
        undo: ({ result }) => auth0.networkAcls(result.id ?? '').delete(),
      }))
    const lift = auth0.networkAcls(acl.id ?? '').update({ active: false, rule })
    yield* step('activate it', auth0.networkAcls(acl.id ?? '').update({ active: true, priority, rule }), {
      tags: ['activate'],
      confirm: `${WHOM[scope]} from ${country} will be refused for ${minutes} minutes. Activate the block?`,
      undo: lift,
    })
    yield* step('wait', waitFor(minutes * 60_000))
    // The network ACL stays, inactive, so that the next block finds it.
    yield* step('lift the block', lift, { tags: ['activate'] })
  },
})
