import { ConfigurationError } from '../plan/index.ts'
import { internalsOf, ownerOf } from '../session/index.ts'
import type { CommandDesk, DotCommand } from './command-desk.ts'
import { logLine, tailLogs } from './tail.ts'
import { scopesText } from './token-text.ts'

/** Commands on the tenant that the console speaks to. */
export const tenantCommands: Readonly<Record<string, DotCommand>> = {
  tenant: {
    usage: '.tenant [NAME]',
    says: 'speaks to another stored tenant as auth0 from here on; alone lists them',
    run: switchTenant,
  },
  tail: {
    usage: '.tail [N]',
    says: "the newest N events of the tenant's log, 20 unless given, and what comes after them; Ctrl-C ends it",
    run: tail,
  },
  scopes: {
    usage: '.scopes',
    says: "scopes of the session's token, and whether they allow the plan that was shown last",
    run: showScopes,
  },
  limits: {
    usage: '.limits',
    says: 'rate-limit buckets and token quotas, as the server told them last',
    run: (_, desk) => desk.screen.result(desk.session.limits()),
  },
  writes: {
    usage: '.writes [on|off]',
    says: 'whether writes are sent; on allows them, off refuses them',
    run: setWrites,
  },
}

function switchTenant(name: string, desk: CommandDesk): void {
  const { tenants, session, screen } = desk
  const names = tenants?.names() ?? []
  if (name === '') {
    const listed = names.length === 0 ? ['No tenant is stored. tenantlab login stores one.'] : names
    return screen.text('tenant', [`This console speaks to ${session.domain}.`, ...listed].join('\n'))
  }
  if (tenants === undefined) throw new ConfigurationError('This console has one tenant. Open another console.')
  const opened = tenants.open(name)
  desk.switchTo(opened)
  const writes = internalsOf(opened.session).writes()
  const tag = opened.tag === undefined ? '' : ` [${opened.tag}]`
  screen.text(
    'tenant',
    `auth0 is ${opened.session.domain}${tag} from here on. ${writes === 'allow' ? 'Writes are sent.' : 'Writes are refused; .writes on allows them.'}`,
  )
}

async function tail(argument: string, desk: CommandDesk): Promise<void> {
  const number = argument === '' ? undefined : Number(argument)
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= 1000))
    throw new ConfigurationError('.tail takes how many of the newest events to begin with, from 0 to 1000.')
  const signal = desk.signal()
  desk.screen.remark("Auth0's log is some seconds late. Ctrl-C ends this.")
  const options = { follow: true, signal, ...(number !== undefined && { number }) }
  try {
    for await (const event of tailLogs(desk.session, options)) desk.screen.text('log', logLine(event, Date.now()))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function showScopes(_: string, desk: CommandDesk): Promise<void> {
  const { plan, flow } = desk.shown.plan ?? {}
  // The token that would send it, which may be another session's.
  const status = await internalsOf(ownerOf(plan ?? flow) ?? desk.session).token()
  desk.screen.text('scopes', scopesText(status, plan?.data))
}

function setWrites(argument: string, { session, screen, guard }: CommandDesk): void {
  const desk = internalsOf(session)
  if (argument === 'on') guard.set('allow')
  else if (argument === 'off') guard.set('deny')
  else if (argument !== '') throw new ConfigurationError('.writes takes on or off; alone it tells how it is.')
  const now = desk.writes()
  screen.text(
    'writes',
    now === 'allow'
      ? 'Writes are sent.'
      : now === 'deny'
        ? 'Writes are refused before they are sent.'
        : 'Writes are predicted.',
  )
}
