import type { Authenticator, Factor, InteractiveOptions, MfaWords, OobEnrollment, Tokens } from '../grammar/index.ts'
import { ApiError, type FlowContext, type Plan } from '../plan/index.ts'
import type { InteractiveDialogue } from './interactive-dialogue.ts'
import type { InteractiveScene } from './interactive-scene.ts'

/** What the person sees of a factor. */
export const FACTOR_TITLES: Readonly<Record<Factor, string>> = {
  sms: 'SMS',
  voice: 'voice call',
  email: 'e-mail',
  otp: 'authenticator app',
  push: 'push notification',
  'recovery-code': 'recovery code',
}

const APP_CODE = 'Code of the authenticator app'

/** What the steps of a second factor work with. */
export interface Attempt {
  readonly context: FlowContext
  readonly dialogue: InteractiveDialogue
  readonly mfa: MfaWords
  readonly options: InteractiveOptions
  readonly scene: InteractiveScene
}

/** One way to go on. */
export interface FactorChoice {
  readonly factor: Factor
  /** Absent for one that is to be enrolled. */
  readonly authenticator?: Authenticator
}

/** Which factor an authenticator is; `undefined` for one that this API cannot challenge. */
export function factorName({ authenticator_type, oob_channel }: Authenticator): Factor | undefined {
  if (authenticator_type === 'otp' || authenticator_type === 'recovery-code') return authenticator_type
  if (authenticator_type !== 'oob') return undefined
  if (oob_channel === 'auth0') return 'push'
  return oob_channel === 'sms' || oob_channel === 'voice' || oob_channel === 'email' ? oob_channel : undefined
}

/**
 * Shows the choices, lets the person take one, and carries it out. A factor that the tenant does not accept is told of,
 * and the others are offered again.
 */
export async function goOnWith(
  attempt: Attempt,
  how: 'challenge' | 'enrol',
  choices: readonly FactorChoice[],
): Promise<Tokens> {
  const { dialogue, options, scene } = attempt
  let left = choices
  const titles = (): string => left.map(titleOf).join(', ')
  scene.tell('going', how === 'enrol' ? `It may be enrolled: ${titles()}.` : `Enrolled: ${titles()}.`)
  const wished = left.filter(({ factor }) => factor === options.factor)
  if (wished.length > 0) left = wished
  else if (options.factor !== undefined) {
    scene.tell('going', `The factor ${FACTOR_TITLES[options.factor]} is none of them.`)
  }
  for (;;) {
    const question = how === 'enrol' ? 'Which factor shall be enrolled?' : 'Which factor shall be used?'
    const choice = await dialogue.choose(
      question,
      left.map((each) => [titleOf(each), each] as const),
    )
    const verify = await started(attempt, how, choice).catch((error: unknown) => {
      left = left.filter((each) => each !== choice)
      if (!isFactorOff(error) || left.length === 0) throw error
      scene.tell('going', `The server does not accept ${titleOf(choice)}: ${error.serverMessage}`)
      return undefined
    })
    if (verify !== undefined) return verify()
  }
}

/** Sends what begins a factor; the answer carries on with it. */
type Verify = () => Promise<Tokens>

function started(attempt: Attempt, how: 'challenge' | 'enrol', choice: FactorChoice): Promise<Verify> {
  return how === 'enrol' ? startEnrolment(attempt, choice.factor) : startChallenge(attempt, choice)
}

function titleOf({ authenticator, factor }: FactorChoice): string {
  const name = authenticator?.name
  return name === undefined ? FACTOR_TITLES[factor] : `${FACTOR_TITLES[factor]} ${name}`
}

/** True where a factor is switched off in the tenant; the login itself goes on. */
function isFactorOff(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.code === 'access_denied' || error.code === 'unsupported_challenge_type')
}

async function startChallenge(attempt: Attempt, { authenticator, factor }: FactorChoice): Promise<Verify> {
  const { context, dialogue, mfa, scene } = attempt
  if (factor === 'otp') return () => dialogue.verify(APP_CODE, (code) => mfa.verify.otp(code))
  if (factor === 'recovery-code') {
    return async () => {
      const tokens = await dialogue.verify('Recovery code', (code) => mfa.verify.recoveryCode(code))
      scene.tell('going', 'The recovery code is spent; store the new one: reveal(tokens.recovery_code) shows it.')
      return tokens
    }
  }
  const sent = await context.run(mfa.challenge.oob(authenticator?.id))
  if (sent.binding_method !== 'prompt') return () => polled(attempt, mfa.verify.oob(sent))
  return () => byCode(attempt, factor, (code) => mfa.verify.oob(sent, code))
}

async function startEnrolment(attempt: Attempt, factor: Factor): Promise<Verify> {
  const { context, dialogue, mfa, scene } = attempt
  if (factor === 'otp') {
    const { barcode_uri, recovery_codes, secret } = await context.run(mfa.enroll.otp())
    const key = secret.replace(/(.{4})(?=.)/g, '$1 ')
    return async () => {
      const clear = scene.qrCode(barcode_uri, ['Scan it with an authenticator app, or type its key there:', key])
      const tokens = await dialogue.verify(APP_CODE, (code) => mfa.verify.otp(code)).finally(clear)
      return withRecoveryCode(attempt, factor, tokens, recovery_codes)
    }
  }
  if (factor === 'push') {
    const enrolment = await context.run(mfa.enroll.push())
    return async () => {
      const clear = scene.qrCode(enrolment.barcode_uri, ['Scan it with the Guardian app.'])
      const tokens = await polled(attempt, mfa.verify.oob(enrolment)).finally(clear)
      return withRecoveryCode(attempt, factor, tokens, enrolment.recovery_codes)
    }
  }
  const enrolment = await context.run(await outOfBand(attempt, factor))
  return async () => {
    const tokens = await byCode(attempt, factor, (code) => mfa.verify.oob(enrolment, code))
    return withRecoveryCode(attempt, factor, tokens, enrolment.recovery_codes)
  }
}

async function outOfBand({ dialogue, mfa, options }: Attempt, factor: Factor): Promise<Plan<OobEnrollment>> {
  if (factor === 'email') return mfa.enroll.email(options.email ?? (await dialogue.ask('E-mail address to enrol')))
  const phone = options.phoneNumber ?? (await dialogue.ask('Phone number to enrol, such as +15550100'))
  return factor === 'voice' ? mfa.enroll.voice(phone) : mfa.enroll.sms(phone)
}

function byCode({ dialogue, scene }: Attempt, factor: Factor, verify: (code: string) => Plan<Tokens>): Promise<Tokens> {
  scene.tell('going', `A code is on its way by ${FACTOR_TITLES[factor]}.`)
  return dialogue.verify(`Code from the ${FACTOR_TITLES[factor]}`, verify)
}

function polled({ context, scene }: Attempt, verify: Plan<Tokens>): Promise<Tokens> {
  scene.tell('going', 'Waiting for the answer of the device; the server is asked every 5 seconds.')
  return context.run(verify)
}

/** A first enrolment brings the only copy of the recovery code; the flow's answer carries it on. */
function withRecoveryCode(
  { scene }: Attempt,
  factor: Factor,
  tokens: Tokens,
  codes: readonly string[] | undefined,
): Tokens {
  scene.tell('going', `Enrolled: ${FACTOR_TITLES[factor]}.`)
  const [code] = codes ?? []
  if (code === undefined) return tokens
  tokens.recovery_code ??= code
  scene.tell('going', 'A recovery code came with it; store it: reveal(tokens.recovery_code) shows it.')
  return tokens
}
