import type { Factor, InteractiveOptions, MfaWords, Tokens } from '../grammar/index.ts'
import type { Flow, FlowContext, Plan, Runner } from '../plan/index.ts'
import { MfaRequiredError, messageOf } from '../plan/index.ts'
import { InteractiveDialogue } from './interactive-dialogue.ts'
import { type Attempt, factorName, goOnWith } from './interactive-factors.ts'
import { checkInteractiveOptions } from './interactive-options.ts'
import type { InteractiveScene } from './interactive-scene.ts'

const ENROL: readonly Factor[] = ['sms', 'voice', 'email', 'otp', 'push']
const STEPS = [
  'where a second factor is asked for, list the authenticators of the user',
  'challenge the authenticator that the person chooses, or enrol one where there is none',
  'answer with the code that the person types, or poll until a push is approved',
]

/**
 * Logs in with a person beside it, through whatever second factor is asked for.
 *
 * @param open Opens the scene when the flow runs; nothing is shown before.
 * @throws AbortedError (the execution rejects) when the person stops; ApiError when the server refuses for good.
 */
export function interactiveFlow(
  login: Plan<Tokens>,
  mfa: (error: unknown) => MfaWords,
  runner: Runner,
  open: (options: InteractiveOptions) => InteractiveScene,
  options: InteractiveOptions = {},
): Flow<Tokens> {
  checkInteractiveOptions(options)
  const steps = () => [{ purpose: 'log in', plan: login.data }, ...STEPS.map((purpose) => ({ purpose }))]
  return runner.flow<Tokens>('interactive', steps, async (context) => {
    const scene = open(options)
    try {
      const tokens = await logIn(context, login, mfa, scene, options)
      scene.tell('done', 'Logged in.')
      return tokens
    } catch (error) {
      scene.tell('stopped', messageOf(error))
      throw error
    } finally {
      scene.close()
    }
  })
}

async function logIn(
  context: FlowContext,
  login: Plan<Tokens>,
  mfa: (error: unknown) => MfaWords,
  scene: InteractiveScene,
  options: InteractiveOptions,
): Promise<Tokens> {
  try {
    return await context.run(login)
  } catch (error) {
    if (!(error instanceof MfaRequiredError)) throw error
    scene.tell('going', 'The password is right, and a second factor is asked for.')
    const dialogue = new InteractiveDialogue(context, scene, options.attempts ?? 3)
    return secondFactor({ context, dialogue, mfa: mfa(error), options, scene }, error)
  }
}

async function secondFactor(attempt: Attempt, { requirements }: MfaRequiredError): Promise<Tokens> {
  const { context, mfa, scene } = attempt
  const listed = (await context.run(mfa.authenticators.list())).filter((each) => each.active)
  const enrolled = listed.map((authenticator) => ({ factor: factorName(authenticator), authenticator }))
  const usable = enrolled.filter((each): each is typeof each & { factor: Factor } => each.factor !== undefined)
  if (usable.some(({ factor }) => factor !== 'recovery-code')) {
    const allowed = allowedBy(requirements?.challenge)
    const fitting = usable.filter(({ factor }) => allowed.length === 0 || allowed.includes(factor))
    return goOnWith(attempt, 'challenge', fitting.length === 0 ? usable : fitting)
  }
  const allowed = allowedBy(requirements?.enroll).filter((factor) => ENROL.includes(factor))
  const known = allowed.length > 0
  scene.tell(
    'going',
    known ? 'Nothing is enrolled yet.' : 'Nothing is enrolled yet, and the tenant does not say which factors are on.',
  )
  return goOnWith(
    attempt,
    'enrol',
    (known ? allowed : ENROL).map((factor) => ({ factor })),
  )
}

/** The factors that the server's requirements stand for; empty where it told none. */
function allowedBy(types: readonly string[] | undefined): readonly Factor[] {
  const factors: Readonly<Record<string, readonly Factor[]>> = {
    otp: ['otp'],
    'push-notification': ['push'],
    push: ['push'],
    phone: ['sms', 'voice'],
    sms: ['sms'],
    voice: ['voice'],
    email: ['email'],
    'recovery-code': ['recovery-code'],
    oob: ['sms', 'voice', 'email', 'push'],
  }
  return (types ?? []).flatMap((type) => factors[type] ?? [])
}
