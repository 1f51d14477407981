import type { Flow, Plan } from '../plan/index.ts'
import type { Prompt } from '../profiles/index.ts'
import type { Tokens } from './answers.ts'

/** Second factors that a login may go on with. */
export type Factor = 'sms' | 'voice' | 'email' | 'otp' | 'push' | 'recovery-code'

/**
 * Options of `login.password(…).interactive()`.
 *
 * @example
 * // not run: asks a person
 * auth0.login.password({ username: user.email, password: user.password }).interactive({ factor: 'otp', attempts: 2 }).run()
 */
export interface InteractiveOptions {
  /** Asks for what only a person knows; that of `connect()`, else of the notebook or terminal, when left out. */
  readonly prompt?: Prompt
  /** The factor to go on with; the person chooses when left out. */
  readonly factor?: Factor
  /** Where to enrol a phone, E.164; asked for when left out. */
  readonly phoneNumber?: string
  /** Where to enrol e-mail; asked for when left out. */
  readonly email?: string
  /** How many codes may be wrong before the flow stops; 3. */
  readonly attempts?: number
  /** `false` shows nothing but the questions; no QR code either. */
  readonly display?: boolean
}

/** A login by name and password, which can go on by itself where a second factor is asked for. */
export interface PasswordLoginPlan extends Plan<Tokens> {
  /**
   * Logs in with a person beside it: shows which second factors are there, enrols or challenges one, shows the QR code of
   * an authenticator app, asks for codes, polls a push, and ends in tokens. A recovery code that came with a first
   * enrolment is `recovery_code` of the answer.
   *
   * @throws AbortedError when the person types nothing; the server's own error when it refuses for good.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa
   * @example
   * // not run: asks a person
   * auth0.login.password({ username: user.email, password: user.password }).interactive().run()
   */
  interactive(options?: InteractiveOptions): Flow<Tokens>
}
