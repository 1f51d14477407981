import { columnLines, type Paint, painter, plain, wrap } from '../display/index.ts'
import type { Internals } from '../session/index.ts'
import { tokenText } from './token-text.ts'

/** What the console says of itself before the first prompt. */
export interface BannerFacts {
  readonly domain: string
  /** `production`, `sandbox`, …; absent where nothing says what the tenant is for. */
  readonly tag?: string
  readonly writes: ReturnType<Internals['writes']>
  /** One line on the token, or why there is none. */
  readonly token: string
  /** Where the session log is kept. */
  readonly log?: string
}

/** The lines before the first prompt, wrapped by words. */
export function bannerLines(facts: BannerFacts, colours: boolean, columns = 100): readonly string[] {
  const paint = painter(colours)
  const tag = facts.tag === undefined ? '' : ` ${paint(colourOf(facts.tag), `[${facts.tag}]`)}`
  const entries = [
    { flag: 'token', text: plain(facts.token) },
    { flag: 'writes', text: writesText(facts) },
  ]
  return [
    `${paint('bold', 'tenantlab')} · ${plain(facts.domain)}${tag}`,
    ...columnLines(entries, columns),
    // In one line, so that it can be copied.
    ...(facts.log === undefined ? [] : [`  log     ${facts.log}`]),
    ...wrap(
      'A plan shows itself and sends nothing; .run sends it. .help lists the commands, auth0.help what can be said.',
      columns,
    ),
  ]
}

function writesText({ writes, tag }: BannerFacts): string {
  if (writes === 'allow') return 'are sent'
  if (writes === 'check') return 'are predicted, not sent'
  return `read-only: refused before they are sent${tag === 'production' ? '; .writes on allows them' : ''}`
}

/** One line on the session's token; getting it may take one request. */
export async function tokenLine(desk: Internals, now: number): Promise<string> {
  if (desk.tokens === 'none') return 'none: there are no credentials for the Management API'
  try {
    const status = await Promise.race([desk.token(), withTimeout()])
    return status === undefined ? 'not here yet: the tenant is slow to answer' : tokenText(status, now)
  } catch (error) {
    // A console without a token is still one: logins work, and the first plan tells the same again.
    return `none: ${(error as Error).message}`
  }
}

/** Milliseconds that the first prompt waits for the token, which arrives meanwhile for the first plan. */
const TIMEOUT = 4000

function withTimeout(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, TIMEOUT, undefined).unref())
}

/** The prompt: the tenant's name in the colour of what it is for. */
export function promptText(facts: Pick<BannerFacts, 'domain' | 'tag' | 'writes'>, colours: boolean): string {
  const name = plain(facts.domain).split('.')[0] ?? 'tenant'
  const tag = facts.tag === undefined ? '' : ` [${facts.tag}]`
  const readOnly = facts.writes === 'allow' ? '' : ' read-only'
  return `${painter(colours)(colourOf(facts.tag), `${name}${tag}${readOnly}`)}> `
}

function colourOf(tag: string | undefined): Parameters<Paint>[0] {
  if (tag === 'production') return 'red'
  if (tag === 'staging') return 'yellow'
  return tag === undefined ? 'cyan' : 'green'
}
