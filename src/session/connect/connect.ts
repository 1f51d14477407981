import { giveLook, type SessionView, showSession } from '../../display/index.ts'
import { callSite } from '../../pipeline/index.ts'
import { ConfigurationError, type Execution, type Plan, type PlanData, parsePlan } from '../../plan/index.ts'
import { secretText } from '../../profiles/index.ts'
import { rowOf } from '../../wire/index.ts'
import { findOperations } from '../find.ts'
import { helpWord } from '../help.ts'
import { limitsOf } from '../limits.ts'
import { BoundPlan, checkRunOptions, givenSecrets, rawPlan, runPlan, secretsOf } from '../plans/index.ts'
import type { AnotherApplication, RawRequest, Session, SessionRunOptions } from '../session.ts'
import { keepBackstage } from './backstage.ts'
import { checkOptions } from './conflicts.ts'
import { keepDesk, tokenStatus } from './desk.ts'
import { type Foundation, layFoundation } from './foundation.ts'
import { openWorks, type Works } from './open.ts'
import type { ConnectOptions } from './options.ts'
import { resolveSettings, type Settings, strictest } from './settings.ts'
import { withUserLogin } from './user-login.ts'

/**
 * Connects to a tenant. Nothing is sent before a plan is run.
 *
 * @param options Domain and credentials; `AUTH0_DOMAIN`, `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_SECRET`, or a stored profile,
 *   where the domain is left out. `timeout` is in milliseconds.
 * @returns The session, from which every plan is spoken.
 * @throws ConfigurationError when something is missing, unknown, or does not fit together.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
 */
export function connect(options: ConnectOptions = {}): Session {
  const settings = resolveSettings(options)
  const foundation = layFoundation(options, settings)
  return openSession(
    withUserLogin(settings, (plain) => openSession(plain, foundation)),
    foundation,
  )
}

function openSession(settings: Settings, foundation: Foundation): Session {
  const works = openWorks(settings, foundation)
  const own: SessionMembers = {
    domain: settings.domain,
    as: (application) => openSession(settingsAs(settings, application), foundation),
    run: (plan: unknown, options?: SessionRunOptions) => runGiven(works, plan, options),
    find: (text) => findOperations(text),
    help: helpWord(),
    limits: () => limitsOf(works.pipeline.limits(), works.tokens.quotas()),
    raw<T>(route: string, request?: RawRequest): Plan<T> {
      const { data, secrets } = rawPlan(route, request)
      return works.bind<T>(data, secrets)
    },
  }
  const session: Session = Object.assign(works.words, own as Omit<Session, keyof typeof works.words>)
  giveLook(session, () => showSession(viewOf(settings, foundation, works)))
  keepDesk(session, {
    environment: settings.environment,
    tokens: works.tokens.kind,
    writes: () => works.writes(),
    // What the environment forbids, no command allows.
    setWrites: (writes) => works.setWrites(strictest(writes, process.env.TENANTLAB_WRITES)),
    bind: (data) => works.bind<unknown>(data),
    token: () => tokenStatus(works.tokens),
  })
  works.home.belongsTo(session)
  keepBackstage(session, works.runner, settings, foundation.way)
  return Object.freeze(session)
}

/** The members beside the grammar; `run` takes whatever it is given and checks it. */
interface SessionMembers extends Pick<Session, 'domain' | 'as' | 'find' | 'help' | 'limits' | 'raw'> {
  run(plan: unknown, options?: SessionRunOptions): Execution<unknown>
}

function runGiven({ bind }: Works, given: unknown, options: SessionRunOptions = {}): Execution<unknown> {
  checkRunOptions(options, 'auth0.run()', ['signal', 'maxQueue', 'secrets'])
  const { secrets, ...rest } = options
  const data: PlanData = given instanceof BoundPlan ? given.data : parsePlan(plainOf(given))
  const all = { ...secretsOf(given), ...(secrets && givenSecrets(data, secrets)) }
  const list = data.repeat === undefined && data.op !== 'raw' && rowOf(data).paging !== undefined
  const plan = (list ? bind.list(data, all) : bind(data, all)) as BoundPlan<unknown>
  return runPlan(plan, rest, callSite())
}

/** A plan of another copy of this package comes as its data. */
function plainOf(given: unknown): unknown {
  const { toJSON } = (typeof given === 'object' && given !== null ? given : {}) as { toJSON?: unknown }
  return typeof toJSON === 'function' ? toJSON.call(given) : given
}

function settingsAs(settings: Settings, application: AnotherApplication): Settings {
  const names = ['clientId', 'clientSecret', 'clientAssertion', 'token', 'organization', 'audience']
  const strange = Object.keys(application ?? {}).find((key) => !names.includes(key))
  if (strange !== undefined) {
    throw new ConfigurationError(
      `auth0.as(): "${strange}" is no option. Options are ${names.join(', ')}; for anything else connect() anew.`,
    )
  }
  checkOptions(application)
  const { clientId, clientSecret, clientAssertion, token, organization, audience = settings.audience } = application
  if (clientId === undefined && token === undefined) {
    throw new ConfigurationError(
      'auth0.as(): it needs the other application. Pass clientId and clientSecret, or token.',
    )
  }
  const client =
    clientId === undefined
      ? undefined
      : {
          clientId,
          ...(clientSecret && { clientSecret: secretText(clientSecret) }),
          ...(clientAssertion && { clientAssertion }),
        }
  return { ...settings, client, token, organization, audience, userLogin: undefined }
}

function viewOf(settings: Settings, { options }: Foundation, { tokens, writes }: Works): SessionView {
  const { domain, tenantDomain, client, audience, customDomain, timeout } = settings
  const transport = typeof options.transport === 'function' ? 'own' : (options.transport ?? 'undici')
  return {
    domain,
    audience,
    tokens: tokens.kind.replace('_', ' '),
    writes: writes(),
    transport,
    timeout,
    ...(tenantDomain !== undefined && { tenantDomain }),
    ...(client !== undefined && { clientId: client.clientId }),
    ...(customDomain !== undefined && { customDomain }),
    ...(options.pipeline !== undefined && { pipeline: options.pipeline.map((stage) => stage.name || 'stage') }),
  }
}
