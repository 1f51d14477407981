import type { Secret } from '../plan/index.ts'

/** A secret argument: the value itself, or a `Secret` that was read from a prompt or the environment. */
export type SecretText = string | Secret

/**
 * The application that one plan speaks for, instead of the session's.
 *
 * @example
 * const { clientId, clientSecret } = tenant.options
 * auth0.login.clientCredentials({ clientId, clientSecret }).run()
 */
export interface ClientOptions {
  readonly clientId?: string
  readonly clientSecret?: SecretText
  /** For `private_key_jwt`: a PKCS#8 PEM text; `alg` is RS256 unless given, `kid` is the key's id. */
  readonly clientAssertion?: { readonly key: SecretText; readonly alg?: string; readonly kid?: string }
}

/**
 * An out-of-band answer: the code of the challenge, and what the user typed.
 *
 * @example
 * // not run: needs the code that the user received
 * auth0.mfa(mfaToken).verify.oob({ oobCode: '…', bindingCode: '123456' }).run()
 */
export interface OobAnswer {
  readonly oobCode: SecretText
  /** What the user received; left out for push. */
  readonly bindingCode?: SecretText
}

/** What an enrolment or a challenge answered: it carries the code of the challenge. */
export interface OobReceived {
  readonly oob_code: string
}
