// Makes a verified custom domain the one that links in mails and tickets carry. Undo sets the one of before again. With
// --proof the link of a password ticket is looked at before and after; no mail is sent, and the ticket dies in a minute.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'links-to-a-custom-domain',
  description: 'Makes a verified custom domain the default one of links in mails and tickets.',
  params: z.object({
    domain: z
      .string()
      .regex(/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain in small letters, without https://')
      .describe('verified custom domain, such as login.example.com'),
    proof: z.string().optional().describe('user_id of a database user, for whom a ticket shows the link'),
  }),
  async *steps({ auth0, params, step, say, check, tenant }) {
    const { domain, proof } = params
    const before = yield* step('read the default domain', auth0.customDomains.getDefault())
    const domains = yield* step('read custom domains', auth0.customDomains.list().all())
    const wanted = domains.find((each) => each.domain === domain)
    if (wanted?.status !== 'ready') {
      const ready = domains.filter(({ status }) => status === 'ready').map((each) => each.domain)
      const state =
        wanted === undefined ? `is no custom domain of ${tenant}` : `is not verified: it is ${wanted.status}`
      const next = ready.length === 0 ? 'None is verified: verify one first.' : `Verified are ${ready.join(', ')}.`
      throw new Error(`${domain} ${state}. ${next}`)
    }
    say(before.domain === domain ? `Links carry ${domain} already` : `Links carry ${before.domain} now`)
    const ticket = (when: string, user: string) =>
      step(`ticket ${when}`, auth0.tickets.changePassword({ user_id: user, ttl_sec: 60 }), {
        tags: ['proof'],
        // Nothing reads tickets, and one more does no harm: the check looks for what no user has.
        doneWhen: doneWhen(auth0.users(user).get(), { user_id: '' }),
      })
    if (proof !== undefined) {
      const { host, reason } = linkOf(yield* ticket('before', proof), check)
      say(`A ticket's link before: ${host ?? reason}`)
    }
    yield* step('set the default domain', auth0.customDomains.setDefault({ domain }), {
      when: before.domain !== domain,
      tags: ['default'],
      confirm: `Links in mails and tickets will carry ${domain} instead of ${before.domain}. Change it?`,
      undo: auth0.customDomains.setDefault({ domain: before.domain }),
    })
    const now = yield* step('verify the default domain', auth0.customDomains.getDefault(), { volatile: true })
    if (!check && now.domain !== domain)
      throw new Error(`The default domain is ${now.domain}, although ${domain} was set. Look who else changes it.`)
    if (proof !== undefined) {
      const { host, reason } = linkOf(yield* ticket('after', proof), check)
      say(`A ticket's link after: ${host ?? reason}`)
      if (host !== undefined && host !== domain)
        throw new Error(`The link carries ${host}, not ${domain}. Look for a custom domain that the session names.`)
    }
  },
})

/** Domain of a ticket's link; the link itself is a secret. */
function linkOf(answer: { readonly ticket?: string }, check: boolean): { host?: string; reason?: string } {
  if (check) return { reason: 'known only once a ticket is made' }
  try {
    return { host: new URL(String(answer.ticket)).host }
  } catch (error) {
    // A resumed run has no links of the run before.
    if ((error as { kind?: string }).kind === 'decision')
      return { reason: 'seen by the run before this one; no journal keeps links' }
    throw error
  }
}
