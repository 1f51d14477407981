import type { User } from '../../catalogue/index.ts'
import { attachLook, giveLook, showToken } from '../../display/index.ts'
import {
  diffFlow,
  importUsers,
  inspectToken,
  interactiveFlow,
  jobFinishedFlow,
  keepRestFlow,
  whenBuiltFlow,
} from '../../flow/index.ts'
import { type Auth0Grammar, grammar } from '../../grammar/index.ts'
import {
  createPipeline,
  type Pipeline,
  type StageSession,
  supported,
  type UnknownPolicy,
  validatePlan,
} from '../../pipeline/index.ts'
import {
  type Bind,
  type Clock,
  type ListPlan,
  MfaRequiredError,
  type Plan,
  type PlanData,
  processSecrets,
  type Runner,
  type SecretValues,
} from '../../plan/index.ts'
import { decodeToken, type TokenChoice, type TokenSource } from '../../tokens/index.ts'
import { rowOf, serverTimeOf, toCurl, toHttp, type WireEnvironment } from '../../wire/index.ts'
import type { Internals, PredictionWatcher, TokenStatus, Writes } from '../internals.ts'
import {
  BoundListPlan,
  BoundPlan,
  everyUserFlow,
  explained,
  exportUsersFlow,
  flowExecution,
  type PlanRuntime,
  SessionFlow,
} from '../plans/index.ts'
import type { Session } from '../session.ts'
import { version } from '../version.ts'
import { checkIdToken } from './id-tokens.ts'
import { openScene } from './interactive.ts'
import { MFA_SLOT, rememberClient, withRememberedClient } from './mfa-memory.ts'
import { lineReader } from './read-lines.ts'
import { type Settings, settingsWithTokens, strictest } from './settings.ts'
import type { SharedParts } from './shared-parts.ts'
import { tokenSend } from './token-send.ts'
import { tokenSource } from './token-source.ts'
import { arePredicted, notePrediction, predicted, watchedWrite } from './writes.ts'

/** The working parts of a session. */
export interface SessionParts {
  readonly internals: Internals
  readonly words: Auth0Grammar
  readonly tokens: TokenSource
  readonly pipeline: Pipeline
  /** Called once, when the session is made: plans and flows are known to be its own from then on. */
  belongTo(session: Session): void
}

/** Puts the parts of a session together; nothing is sent. */
export function sessionParts(settings: Settings, shared: SharedParts): SessionParts {
  rememberCredentials(settings)
  const { clock, domain } = settings
  const { transport, limiter, headers, options } = shared
  const stageSession: StageSession = {
    tenant: shared.tenant,
    limiter,
    serverTime: serverTimeOf(shared.tenant, clock),
    retry: options.retry,
    random: Math.random,
    get tokens() {
      return tokens
    },
    tokensOf: (choice) => tokensOf(choice),
  }
  const send = tokenSend({ clock, transport, timeout: settings.timeout, session: () => stageSession })
  const { audience } = settings
  const cache = options.stores?.tokens
  const sourceFor = (of: Settings): TokenSource => {
    const { audience, organization } = of
    return tokenSource(of, { clock, send, domain, audience, organization, headers, cache })
  }
  const tokens = sourceFor(settings)
  const brought = new Map<TokenChoice, TokenSource>()
  const tokensOf = (choice: TokenChoice): TokenSource => {
    const known = brought.get(choice)
    if (known !== undefined) return known
    const made = sourceFor(settingsWithTokens(settings, choice))
    brought.set(choice, made)
    return made
  }
  const environment = wireEnvironment(settings, shared)
  const { client } = settings
  const idToken = { domain, clock, send, transport: shared.way, headers, client, options: options.idToken || {} }

  const pipelineWith = (writes: Writes): Pipeline =>
    createPipeline({
      environment,
      transport,
      tokens,
      tokensOf,
      limiter,
      clock,
      timeout: settings.timeout,
      retry: options.retry,
      stages: options.pipeline,
      writes,
      unknown: settings.unknown,
      tenant: shared.tenant,
      ...(options.idToken === false ? {} : { verifyIdToken: (token, hooked) => checkIdToken(token, hooked, idToken) }),
      present: (value, row, plan) => attachLook(value, { row, plan }),
      bindList: (data, secrets) => bind.list(data, secrets),
      async predict({ plan, row }) {
        const diff = await flowExecution(diffFlow(plan, showingDiffs(runner, plan)), { callSite: null })
        notePrediction(watchers, plan, diff)
        return predicted(diff, plan, row)
      },
      failed(error, { plan, secrets }) {
        if (error instanceof MfaRequiredError) rememberClient(error.mfaToken, plan, secrets, client)
      },
    })
  let { writes } = settings
  let pipeline = pipelineWith(writes)
  let predicting: Pipeline | undefined
  // Chosen when a plan starts, and with the guard around the transport that belongs to it.
  const pipelineNow = (): Pipeline => {
    if (writes !== 'allow' || !arePredicted()) return pipeline
    predicting ??= pipelineWith('check')
    return predicting
  }
  const watchers = new Set<PredictionWatcher>()
  let session: Session | undefined
  const runner: Runner = {
    get bind() {
      return bind
    },
    now: () => clock.now(),
    flow: (name, steps, work) => new SessionFlow(name, { steps, work, clock, internals }),
  }
  const internals: Internals = {
    get session() {
      return session
    },
    get bind() {
      return bind
    },
    runner,
    who: whoIs(settings),
    way: shared.way,
    ...(shared.runs && { runs: shared.runs }),
    leastWait: (requests) => pipeline.leastWait(requests),
    get keepsJournals() {
      return shared.journals.kept
    },
    keepJournals() {
      shared.journals.kept = true
    },
    environment: settings.environment,
    tokens: tokens.kind,
    writes: () => writes,
    setWrites(wanted) {
      // What the environment forbids, no command allows.
      writes = strictest(wanted, process.env.TENANTLAB_WRITES)
      pipeline = pipelineWith(writes)
    },
    token: () => tokenStatus(tokens),
    watchPredictions(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
  }
  const bind = binder(runtimeOf(internals, pipelineNow, environment, settings.unknown, clock))
  const pulled = { clock, internals, read: lineReader(transport, domain) }
  const words = grammar(bind, {
    runner,
    flows: {
      everyUser: (query, how) => everyUserFlow<User>(query, how, pulled),
      exportUsers: (query, how) => exportUsersFlow(query, how, pulled),
      importUsers(users, how) {
        const { steps, work } = importUsers(users, how, runner)
        return new SessionFlow('users.import', { steps, work: work as never, clock, composed: true, internals })
      },
      jobFinished: jobFinishedFlow,
      keepRest: keepRestFlow,
      whenBuilt: whenBuiltFlow,
      interactive: (login, mfa, through, how) =>
        interactiveFlow(login, mfa, through, (wanted) => openScene(wanted, options.prompt), how),
      inspect(token) {
        const inspection = inspectToken(token, { now: clock.now(), audience, domain: shared.tenant })
        giveLook(inspection, showToken)
        return inspection
      },
    },
    links: { domain: () => domain, clientId: () => client?.clientId },
  })
  return {
    internals,
    words,
    tokens,
    get pipeline() {
      return pipeline
    },
    belongTo(made) {
      session = made
    },
  }
}

function whoIs({ client, token }: Settings): string {
  if (client !== undefined) return client.clientId
  if (typeof token !== 'string') return token === undefined ? 'nobody' : 'a delegate'
  const subject = decodeToken(token)?.claims.sub
  return typeof subject === 'string' ? subject : 'a token of unknown subject'
}

/** What the source's present token shows. */
function tokenStatus(tokens: TokenSource): Promise<TokenStatus> {
  return new Promise((resolve, reject) => {
    tokens.token({ rejected: false }).subscribe({
      next({ source, audience, scopes, expiresAt }) {
        resolve({
          source,
          audience,
          ...(scopes !== undefined && { scopes }),
          ...(expiresAt !== undefined && { expiresAt }),
        })
      },
      error: reject,
    })
  })
}

/** How plans are bound to a runtime. */
function binder(runtime: PlanRuntime): Bind {
  const plan = <T>(data: PlanData, secrets: SecretValues = {}, words?: object): Plan<T> =>
    new BoundPlan<T>(data, { secrets: remembered(secrets), runtime }, words)
  const list = <T>(data: PlanData, secrets: SecretValues = {}): ListPlan<T> =>
    new BoundListPlan<T>(data, { secrets: remembered(secrets), runtime })
  return Object.assign(plan, { list })
}

/** From here on no text of this process shows them. */
function remembered(secrets: SecretValues): SecretValues {
  for (const name in secrets) processSecrets().add(secrets[name])
  return secrets
}

function rememberCredentials({ client, token, userLogin }: Settings): void {
  const key = client?.clientAssertion?.key
  for (const value of [client?.clientSecret, key, token, userLogin?.refreshToken]) processSecrets().keep(value)
}

function runtimeOf(
  internals: Internals,
  pipeline: () => Pipeline,
  environment: WireEnvironment,
  unknown: UnknownPolicy,
  clock: Clock,
): PlanRuntime {
  return {
    bound: true,
    internals,
    execute(data, secrets, options, callSite) {
      const known = MFA_SLOT in secrets ? withRememberedClient(data, secrets) : { plan: data, secrets }
      const watched = watchedWrite(internals, known.plan, options)
      if (watched === undefined) return pipeline().execute(known.plan, known.secrets, options, callSite)
      return watched.follow(pipeline().execute(known.plan, known.secrets, watched.setting, callSite))
    },
    events(data, secrets, options) {
      const known = MFA_SLOT in secrets ? withRememberedClient(data, secrets) : { plan: data, secrets }
      const watched = watchedWrite(internals, known.plan, options)
      if (watched === undefined) return pipeline().events(known.plan, known.secrets, options)
      return watched.watch(pipeline().events(known.plan, known.secrets, watched.setting))
    },
    pages: (data, secrets, options) => pipeline().pages(data, secrets, options),
    explain: (data) => explained(data, environment, unknown),
    toCurl: (data) => toCurl(data, rowOf(data), environment),
    toHttp: (data) => toHttp(data, rowOf(data), environment),
    diff: (data) =>
      diffFlow(data, showingDiffs(internals.runner, data), () => validatePlan(data, rowOf(data), {}, { unknown })),
    flow: (name, steps, work) => new SessionFlow(name, { steps, work, clock, internals, composed: true }),
  }
}

/** A difference shows itself as a table of its changes, and hides in it what the records would hide. */
function showingDiffs(runner: Runner, data: PlanData): Runner {
  const row = rowOf(data)
  return {
    ...runner,
    flow: (name, steps, work) =>
      runner.flow(name, steps, async (context) => attachLook(await work(context), { kind: 'diff', row })),
  }
}

function wireEnvironment(settings: Settings, shared: SharedParts): WireEnvironment {
  const { domain, tenantDomain, audience, customDomain, client } = settings
  const { telemetry, options } = shared
  const { pipeline } = options
  return {
    domain,
    audience,
    version,
    ...(tenantDomain !== undefined && { tenantDomain }),
    ...(customDomain !== undefined && { customDomain }),
    ...(pipeline !== undefined && !supported(pipeline).has('customDomain') && { keepsCustomDomain: true }),
    ...(telemetry !== undefined && { telemetry }),
    ...(client !== undefined && { client: { clientId: client.clientId } }),
  }
}
