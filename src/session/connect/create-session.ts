import { giveLook, guardNotebook, type SessionView, showSession } from '../../display/index.ts'
import { callSite } from '../../pipeline/index.ts'
import { type Execution, type Plan, parsePlan } from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'
import { bodySchema } from '../body-schema.ts'
import { helpWord } from '../help.ts'
import { type Internals, keepInternals } from '../internals.ts'
import { limitsOf } from '../limits.ts'
import { BoundPlan, checkRunOptions, givenSecrets, liftSecrets, rawPlan, runPlan, secretsOf } from '../plans/index.ts'
import { allows, scopesFor } from '../scopes.ts'
import type { RawRequest, Session, SessionRunOptions } from '../session.ts'
import { sessionParts } from './session-parts.ts'
import { type Settings, settingsAs } from './settings.ts'
import type { SharedParts } from './shared-parts.ts'

/** Makes a session of its settings and of what it shares with its siblings; nothing is sent. */
export function createSession(settings: Settings, shared: SharedParts): Session {
  guardNotebook()
  const parts = sessionParts(settings, shared)
  const { internals } = parts
  const hosts = [settings.domain, ...(settings.tenantDomain === undefined ? [] : [settings.tenantDomain])]
  const own: SessionMembers = {
    domain: settings.domain,
    // What is forbidden by now is forbidden to its siblings too.
    as: (application) => createSession({ ...settingsAs(settings, application), writes: internals.writes() }, shared),
    run: (plan: unknown, options?: SessionRunOptions) => runGiven(internals, plan, options),
    // The vocabulary of the search is loaded by the first search, not by every import.
    find: async (text) => (await import('../find.ts')).findOperations(text),
    schema: (operation) => bodySchema(operation),
    async can(work) {
      // What cannot be judged is refused before a token is asked for.
      if (allows([], work)) return true
      const { scopes } = await internals.token()
      return scopes === undefined || allows(scopes, work)
    },
    scopesFor: (work) => scopesFor(work),
    help: helpWord(),
    tokens: Object.freeze({ drop: () => parts.tokens.drop() }),
    limits: () => limitsOf(parts.pipeline.limits(), parts.tokens.quotas()),
    raw<T>(route: string, request?: RawRequest): Plan<T> {
      const { data, secrets } = rawPlan(route, request, hosts)
      return internals.bind<T>(data, secrets)
    },
  }
  const session: Session = Object.assign(parts.words, own as Omit<Session, keyof typeof parts.words>)
  giveLook(session, () => showSession(viewOf(settings, shared, internals)))
  parts.belongTo(session)
  keepInternals(session, internals)
  return Object.freeze(session)
}

/** The members beside the grammar; `run` takes whatever it is given and checks it. */
interface SessionMembers
  extends Pick<
    Session,
    'domain' | 'as' | 'find' | 'schema' | 'can' | 'scopesFor' | 'help' | 'tokens' | 'limits' | 'raw'
  > {
  run(plan: unknown, options?: SessionRunOptions): Execution<unknown>
}

function runGiven({ bind }: Internals, given: unknown, options: SessionRunOptions = {}): Execution<unknown> {
  checkRunOptions(options, 'auth0.run()', ['signal', 'maxQueue', 'secrets'])
  const { secrets, ...rest } = options
  const { data, secrets: own } =
    given instanceof BoundPlan
      ? { data: given.data, secrets: secretsOf(given) }
      : liftSecrets(parsePlan(plainOf(given)))
  const all = { ...own, ...(secrets && givenSecrets(data, secrets)) }
  const list = data.repeat === undefined && data.op !== 'raw' && rowOf(data).paging !== undefined
  const plan = (list ? bind.list(data, all) : bind(data, all)) as BoundPlan<unknown>
  return runPlan(plan, rest, callSite())
}

/** A plan of another copy of this package comes as its data. */
function plainOf(given: unknown): unknown {
  const { toJSON } = (typeof given === 'object' && given !== null ? given : {}) as { toJSON?: unknown }
  return typeof toJSON === 'function' ? toJSON.call(given) : given
}

function viewOf(settings: Settings, { options }: SharedParts, { tokens, writes }: Internals): SessionView {
  const { domain, tenantDomain, client, audience, customDomain, timeout } = settings
  const transport =
    typeof options.transport === 'string' ? options.transport : options.transport === undefined ? 'undici' : 'own'
  return {
    domain,
    audience,
    tokens: tokens.replace('_', ' '),
    writes: writes(),
    transport,
    timeout,
    ...(tenantDomain !== undefined && { tenantDomain }),
    ...(client !== undefined && { clientId: client.clientId }),
    ...(customDomain !== undefined && { customDomain }),
    ...(options.pipeline !== undefined && { pipeline: options.pipeline.map((stage) => stage.name || 'stage') }),
  }
}
