import { giveLook, showSecret } from '../display/index.ts'
import { ConfigurationError, host, processSecrets, SECRET_MARK, type Secret } from '../plan/index.ts'
import { usualPrompt } from './prompt.ts'

/**
 * Options of `secret()`.
 *
 * @example
 * await secret('pin', { value: '1234' })
 */
export interface SecretOptions {
  /** What the reader is asked; the name when left out. */
  readonly question?: string
  /** The value itself, for a throw-away tenant. It stands in the notebook then, and a warning says so. */
  readonly value?: string
  /** Asks again, as after a mistyped answer; the new answer counts from then on. */
  readonly again?: boolean
  /** Variables to read; those of the process when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
// Long enough to remind of one run of a process, so that running a cell again does not ask again.
const answered = new Map<string, string>()

/**
 * A secret from where secrets belong: the environment, or else a question to the reader that hides what is typed, where
 * the front end can ask one (a notebook with the kernel profile, a console). It prints as `«secret»`; `connect()` and
 * `auth0.run()` take it as it is.
 *
 * @param name Name of an environment variable, such as `AUTH0_CLIENT_SECRET`; never the secret itself.
 * @returns The secret; a question that was answered once is not asked again in the same process.
 * @throws ConfigurationError when the environment has no such variable and there is no terminal to ask on.
 * @see https://auth0.com/docs/secure/application-credentials
 * @example
 * // not run: asks a person
 * const password = await secret('password')
 * auth0.login.password({ username: user.email, password }).run()
 */
export async function secret(name: string, options: SecretOptions = {}): Promise<Secret> {
  if (typeof name !== 'string' || !NAME.test(name)) {
    // The text is not repeated: it may be the secret that was meant to stay out of the code.
    throw new ConfigurationError(
      "secret() takes the name of an environment variable, not the secret itself. Write secret('AUTH0_CLIENT_SECRET').",
    )
  }
  const { question = name, value, environment = process.env } = options
  if (value !== undefined) {
    console.warn(
      `secret('${name}'): its value stands in the code, where everyone who gets the file can read it. ` +
        `Set the variable ${name} instead and leave "value" out.`,
    )
    return secretOf(name, value, 'the code')
  }
  const found = environment[name]
  if (found !== undefined && found !== '') return secretOf(name, found, 'the environment')
  const known = options.again === true ? undefined : answered.get(name)
  if (known !== undefined) return secretOf(name, known, 'an earlier answer')
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  if (host().prompt?.possible !== true && !terminal) {
    throw new ConfigurationError(
      `secret('${name}'): the variable ${name} is not set, and this place cannot ask for it without showing what is ` +
        'typed. Set the variable before the kernel starts, or install the kernel profile: tenantlab notebooks install.',
    )
  }
  const typed = await usualPrompt.ask(question, { secret: true })
  if (typed === '') throw new ConfigurationError(`secret('${name}'): the answer was empty. Run it again and type it.`)
  answered.set(name, typed)
  return secretOf(name, typed, 'an answer')
}

/** The text of a secret that may be given as such or in a `Secret`. */
export function secretText(value: string | Secret | undefined): string | undefined {
  const open = (value as Partial<Secret> | null | undefined)?.reveal
  // What is neither stays as it is, for the checks to refuse.
  return typeof open === 'function' ? open.call(value) : (value as string | undefined)
}

function secretOf(name: string, value: string, source: string): Secret {
  processSecrets().add(value)
  const text = (): never => {
    throw new ConfigurationError(
      `secret('${name}') stands in a text, where its value would be shown. Pass the secret itself, or its reveal() where a text must hold it.`,
    )
  }
  const made = Object.create({
    toJSON: () => SECRET_MARK,
    reveal: () => value,
    toString: text,
    [Symbol.toPrimitive]: text,
  }) as Secret
  Object.assign(made, { kind: 'secret', name })
  giveLook(made, () => showSecret({ name, source }))
  return Object.freeze(made)
}
