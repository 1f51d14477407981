import { attachLook, giveLook, showToken } from '../../display/index.ts'
import { diffFlow, inspectToken, interactiveFlow, jobFinishedFlow } from '../../flow/index.ts'
import { type Auth0Grammar, grammar } from '../../grammar/index.ts'
import { createPipeline, type Pipeline, type StageSession } from '../../pipeline/index.ts'
import {
  type Bind,
  type ListPlan,
  MfaRequiredError,
  type Plan,
  type PlanData,
  type Runner,
  type SecretValues,
} from '../../plan/index.ts'
import type { TokenSource } from '../../tokens/index.ts'
import { explain, rowOf, toCurl, toHttp, type WireEnvironment } from '../../wire/index.ts'
import { BoundListPlan, BoundPlan, flowExecution, Home, type PlanRuntime, SessionFlow } from '../plans/index.ts'
import { version } from '../version.ts'
import { notePrediction } from './backstage.ts'
import type { Foundation } from './foundation.ts'
import { checkIdToken } from './id-tokens.ts'
import { openScene } from './interactive.ts'
import { rememberClient, withRememberedClient } from './mfa-memory.ts'
import { predicted } from './predict.ts'
import { arePredicted } from './prediction-scope.ts'
import type { Settings } from './settings.ts'
import { tokenSend } from './token-send.ts'
import { tokenSource } from './token-source.ts'

/** The working parts of a session. */
export interface Works {
  readonly bind: Bind
  readonly runner: Runner
  readonly words: Auth0Grammar
  readonly tokens: TokenSource
  readonly pipeline: Pipeline
  readonly home: Home
  writes(): Settings['writes']
  /** Replaces the pipeline by one that treats writes so; plans go through whichever stands when they run. */
  setWrites(writes: Settings['writes']): void
}

/** Puts the parts of a session together; nothing is sent. */
export function openWorks(settings: Settings, foundation: Foundation): Works {
  const { clock, domain } = settings
  const { transport, limiter, headers, options } = foundation
  const stageSession: StageSession = {
    tenant: foundation.tenant,
    limiter,
    retry: options.retry,
    random: Math.random,
    get tokens() {
      return tokens
    },
  }
  const send = tokenSend({ clock, transport, timeout: settings.timeout, session: () => stageSession })
  const { audience, organization } = settings
  const cache = options.stores?.tokens
  const tokens = tokenSource(settings, { clock, send, domain, audience, organization, headers, cache })
  const environment = wireEnvironment(settings, foundation)
  const { client } = settings
  const idToken = { domain, clock, send, transport: foundation.way, headers, client, options: options.idToken || {} }

  const pipelineWith = (writes: Settings['writes']): Pipeline =>
    createPipeline({
      environment,
      transport,
      tokens,
      limiter,
      clock,
      timeout: settings.timeout,
      retry: options.retry,
      stages: options.pipeline,
      writes,
      tenant: foundation.tenant,
      ...(options.idToken === false ? {} : { verifyIdToken: (token, hooked) => checkIdToken(token, hooked, idToken) }),
      present: (value, row, plan) => attachLook(value, { row, plan }),
      bindList: (data, secrets) => bind.list(data, secrets),
      async predict({ plan, row }) {
        const diff = await flowExecution(diffFlow(plan, showingDiffs(runner, plan)), { callSite: null })
        notePrediction(bind, plan, diff)
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
    predicting ??= pipelineWith('predict')
    return predicting
  }
  const home = new Home(() => clock.now())
  const bind = binder(runtimeOf(home, pipelineNow, environment, () => runner))
  const runner: Runner = {
    bind,
    now: () => clock.now(),
    flow: (name, steps, work) => new SessionFlow(name, { steps, work, clock, home }),
  }
  const words = grammar(bind, {
    runner,
    flows: {
      jobFinished: jobFinishedFlow,
      interactive: (login, mfa, through, how) =>
        interactiveFlow(login, mfa, through, (wanted) => openScene(wanted, options.prompt), how),
      inspect(token) {
        const inspection = inspectToken(token, { now: clock.now(), audience, domain: foundation.tenant })
        giveLook(inspection, showToken)
        return inspection
      },
    },
    links: { domain: () => domain, clientId: () => client?.clientId },
  })
  return {
    bind,
    runner,
    words,
    tokens,
    home,
    get pipeline() {
      return pipeline
    },
    writes: () => writes,
    setWrites(wanted) {
      writes = wanted
      pipeline = pipelineWith(wanted)
    },
  }
}

/** How plans are bound to a runtime. */
export function binder(runtime: PlanRuntime): Bind {
  const plan = <T>(data: PlanData, secrets: SecretValues = {}, words?: object): Plan<T> =>
    new BoundPlan<T>(data, { secrets, runtime }, words)
  const list = <T>(data: PlanData, secrets: SecretValues = {}): ListPlan<T> =>
    new BoundListPlan<T>(data, { secrets, runtime })
  return Object.assign(plan, { list })
}

function runtimeOf(
  home: Home,
  pipeline: () => Pipeline,
  environment: WireEnvironment,
  runner: () => Runner,
): PlanRuntime {
  return {
    bound: true,
    home,
    execute(data, secrets, options, callSite) {
      const known = withRememberedClient(data, secrets)
      return pipeline().execute(known.plan, known.secrets, options, callSite)
    },
    events(data, secrets, options) {
      const known = withRememberedClient(data, secrets)
      return pipeline().events(known.plan, known.secrets, options)
    },
    pages: (data, secrets, options) => pipeline().pages(data, secrets, options),
    explain: (data) => attachLook(explain(data, rowOf(data), environment), { kind: 'explanation' }),
    toCurl: (data) => toCurl(data, rowOf(data), environment),
    toHttp: (data) => toHttp(data, rowOf(data), environment),
    diff: (data) => diffFlow(data, showingDiffs(runner(), data)),
  }
}

/** A difference shows itself as a table of its changes, and hides in it what the records would hide. */
function showingDiffs(runner: Runner, data: PlanData): Runner {
  const row = data.op === 'raw' ? undefined : rowOf(data)
  return {
    ...runner,
    flow: (name, steps, work) =>
      runner.flow(name, steps, async (context) =>
        attachLook(await work(context), { kind: 'diff', ...(row && { row }) }),
      ),
  }
}

function wireEnvironment(settings: Settings, foundation: Foundation): WireEnvironment {
  const { domain, tenantDomain, audience, customDomain, client } = settings
  const { telemetry } = foundation
  return {
    domain,
    audience,
    version,
    ...(tenantDomain !== undefined && { tenantDomain }),
    ...(customDomain !== undefined && { customDomain }),
    ...(telemetry !== undefined && { telemetry }),
    ...(client !== undefined && { client: { clientId: client.clientId } }),
  }
}
