import { DecisionError } from '../../run/index.ts'
import type { Values } from '../words/index.ts'
import type { Conversation } from './conversation.ts'

/**
 * Lets a person type the name of the tenant that is to be changed.
 *
 * @param what is sent: `3 writes of block-a-country`.
 * @throws DecisionError where there is no terminal to ask on, or another name is typed.
 */
export async function confirmTenant(tenant: string, what: string, talk: Conversation): Promise<void> {
  if (!talk.attended) {
    throw new DecisionError(
      tenant,
      `This sends ${what} to ${tenant}, and there is no terminal to ask on. Nothing was sent. Run it on a terminal, or with --yes.`,
    )
  }
  const typed = await talk.line(tenant, `This sends ${what} to ${tenant}. Type the name of the tenant to continue: `)
  if (typed !== tenant) throw new DecisionError(tenant, `"${typed}" is not ${tenant}. Nothing was sent.`)
}

/** Asks so before writes to a tenant that is tagged production; `--yes` is the answer where there is no terminal to ask on. */
export async function guardProduction(
  { domain, environment }: { readonly domain: string; readonly environment?: string | undefined },
  what: string,
  values: Values,
  talk: Conversation,
): Promise<void> {
  if (environment === 'production' && values.yes !== true) await confirmTenant(domain, what, talk)
}
