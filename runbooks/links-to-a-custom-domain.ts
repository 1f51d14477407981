// Makes a verified custom domain the one that links in mails and tickets carry.
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'links-to-a-custom-domain',
  description: 'Makes a verified custom domain the default one of links in mails and tickets.',
  params: z.object({ domain: z.string().describe('verified custom domain') }),
  async *steps({ auth0, params, step }) {
    const domains = yield* step('read custom domains', auth0.customDomains.list().all())
    const wanted = domains.find(({ domain }) => domain === params.domain)
    if (wanted?.status !== 'ready') {
      const ready = domains.filter(({ status }) => status === 'ready').map(({ domain }) => domain)
      throw new Error(`${params.domain} is no verified custom domain of the tenant. Verified are ${ready.join(', ')}.`)
    }
    const before = yield* step('read the default domain', auth0.customDomains.getDefault())
    yield* step('set the default domain', auth0.customDomains.setDefault({ domain: params.domain }), {
      when: before.domain !== params.domain,
      undo: auth0.customDomains.setDefault({ domain: before.domain }),
    })
  },
})
