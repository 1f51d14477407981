import type { NetworkAcl } from '../../catalogue/index.ts'
import type { TourContext, TourFlow } from './flow.ts'

/** Network ACLs: create, list, get, update, set. */
export const networkAclFlows: readonly TourFlow[] = [
  {
    flow: 'network-acl-create',
    documented: 'Network ACL: create',
    calls: ['NetworkAcls.CreateAsync'],
    here: "auth0.networkAcls.rule().block().countries('IMG').scope('management').priority(1).describe('…').create()",
    async run({ auth0, step, expect }) {
      const acl = await step(
        "auth0.networkAcls.rule().block().countries('IMG').scope('management').priority(1).active(true).describe('Reject all traffic from imaginary Country').create()",
        auth0.networkAcls
          .rule()
          .block()
          .countries('IMG')
          .scope('management')
          .priority(1)
          .active(true)
          .describe('Reject all traffic from imaginary Country')
          .create(),
      )
      expect(acl.priority === 1 && acl.active === true, 'the rule stands')
    },
  },
  {
    flow: 'network-acl-list',
    documented: 'Network ACL: list',
    calls: ['NetworkAcls.ListAsync', 'await foreach'],
    here: 'auth0.networkAcls.list()',
    async run(context) {
      const { auth0, step, say, expect } = context
      await createAcl(context)
      await step('auth0.networkAcls.list()', auth0.networkAcls.list())
      let count = 0
      for await (const acl of auth0.networkAcls.list()) {
        count += 1
        saySixFields(acl, say)
      }
      expect(count === 1, 'for await walks the list')
    },
  },
  {
    flow: 'network-acl-get',
    documented: 'Network ACL: get',
    calls: ['NetworkAcls.GetAsync'],
    here: 'auth0.networkAcls(id).get()',
    async run(context) {
      const { auth0, step, say, expect } = context
      const id = await createAcl(context)
      const acl = await step('auth0.networkAcls(id).get()', auth0.networkAcls(id).get())
      saySixFields(acl, say)
      expect(acl.id === id, 'one rule by its id')
    },
  },
  {
    flow: 'network-acl-update',
    documented: 'Network ACL: update',
    calls: ['NetworkAcls.UpdateAsync'],
    here: "auth0.networkAcls.rule().block().matching({ geo_country_codes: ['US'] }).notMatching({…}).priority(2).active(false).update(id)",
    async run(context) {
      const { auth0, step, expect } = context
      const id = await createAcl(context)
      const update = changedRule(auth0).update(id)
      await step('….update(id).diff()', update.diff())
      const acl = await step(
        "auth0.networkAcls.rule().block().matching({ geo_country_codes: ['US'] }).notMatching({ geo_country_codes: ['CA'] }).scope('management').priority(2).active(false).describe('…').update(id)",
        update,
      )
      expect(acl.active === false && acl.priority === 2, 'only what was named has changed')
    },
  },
  {
    flow: 'network-acl-set',
    documented: 'Network ACL: set',
    calls: ['NetworkAcls.SetAsync'],
    here: 'auth0.networkAcls.rule()….set(id)',
    async run(context) {
      const { auth0, step, expect } = context
      const id = await createAcl(context)
      const acl = await step(
        "auth0.networkAcls.rule().block().matching({ geo_country_codes: ['US'] }).notMatching({ geo_country_codes: ['CA'] }).scope('management').priority(2).active(false).describe('…').set(id)",
        changedRule(auth0).set(id),
      )
      expect(acl.description === 'Updated description for examples', 'the rule is replaced as a whole')
    },
  },
]

/** The rule of the page's update and set. */
function changedRule(auth0: TourContext['auth0']) {
  return auth0.networkAcls
    .rule()
    .block()
    .matching({ geo_country_codes: ['US'] })
    .notMatching({ geo_country_codes: ['CA'] })
    .scope('management')
    .priority(2)
    .active(false)
    .describe('Updated description for examples')
}

function saySixFields(acl: NetworkAcl, say: TourContext['say']): void {
  say(`Network ACL ID: ${acl.id}`)
  say(`Description: ${acl.description}`)
  say(`Priority: ${acl.priority}`)
  say(`Active: ${acl.active}`)
  say(`Created At: ${acl.created_at}`)
  say(`Updated At: ${acl.updated_at}`)
}

async function createAcl({ auth0, step }: TourContext): Promise<string> {
  const acl = await step(
    'auth0.networkAcls.create({…})',
    auth0.networkAcls.create({
      description: 'Reject all traffic from imaginary Country',
      active: true,
      priority: 1,
      rule: { action: { block: true }, match: { geo_country_codes: ['IMG'] }, scope: 'management' },
    }),
  )
  return acl.id ?? ''
}
