import type { PlanData, Secret, SecretSlot, SecretValues } from '../../plan/index.ts'
import { secretSlot, ValidationError } from '../../plan/index.ts'
import type { ClientOptions, SecretText } from '../argument-types.ts'

/** Collects the secrets of one plan, so that its data holds slots and its values travel beside it. */
export class SecretCollector {
  readonly #values: Record<string, string> = {}
  readonly #place: string

  /** @param place The word that is being spoken, for messages: `auth0.login.password`. */
  constructor(place: string) {
    this.#place = place
  }

  /** A slot for a required secret. */
  slot(name: string, value: SecretText, argument = name): SecretSlot {
    this.#values[name] = secretText(value, `${this.#place} needs "${argument}"`)
    return secretSlot(name)
  }

  /** A slot, or nothing where no value was given. */
  optional(name: string, value: SecretText | undefined, argument = name): SecretSlot | undefined {
    return value === undefined ? undefined : this.slot(name, value, argument)
  }

  /** The client reference of a plan, or nothing for the session's own. */
  client(options: ClientOptions): PlanData['client'] {
    const { clientId, clientSecret, clientAssertion } = options
    if (clientId === undefined && clientSecret === undefined && clientAssertion === undefined) return undefined
    if (typeof clientId !== 'string' || clientId === '') {
      throw new ValidationError(
        `${this.#place} got a clientSecret or clientAssertion without the clientId it belongs to. Pass clientId too, or leave both out to speak for the session's application.`,
        { issues: [{ path: 'clientId', rule: 'must be given with a credential' }] },
      )
    }
    const unknown = Object.keys(clientAssertion ?? {}).find((name) => !['key', 'alg', 'kid'].includes(name))
    if (unknown !== undefined) {
      throw new ValidationError(
        `${this.#place}: clientAssertion has a member ${JSON.stringify(unknown)}, and takes key, alg and kid. Leave it out.`,
        { issues: [{ path: `clientAssertion.${unknown}`, rule: 'is not a member' }] },
      )
    }
    return {
      clientId,
      ...(clientSecret === undefined ? {} : { clientSecret: this.slot('client_secret', clientSecret, 'clientSecret') }),
      ...(clientAssertion === undefined
        ? {}
        : {
            clientAssertion: {
              key: this.slot('client_assertion_key', clientAssertion.key, 'clientAssertion.key'),
              alg: clientAssertion.alg ?? 'RS256',
              ...(clientAssertion.kid !== undefined && { kid: clientAssertion.kid }),
            },
          }),
    }
  }

  values(): SecretValues {
    return this.#values
  }
}

/** The text of a secret argument. */
export function secretText(value: unknown, need: string): string {
  const text =
    typeof value === 'object' && value !== null && typeof (value as Secret).reveal === 'function'
      ? (value as Secret).reveal()
      : value
  if (typeof text === 'string' && text !== '') return text
  throw new ValidationError(`${need} as a non-empty string. Pass the value itself or a secret that holds it.`, {
    issues: [{ path: '', rule: 'must be a non-empty string' }],
  })
}
