import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ConfigurationError } from '../plan/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The operating system's store of secrets, by the program that comes with it. */
export interface Keyring {
  /** What it is called where the user meets it. */
  readonly name: string
  /** The secret of an account; `undefined` where there is none. */
  read(account: string): string | undefined
  /** @throws ConfigurationError when the keyring does not take it: locked, or none is running. */
  write(account: string, secret: string): void
  remove(account: string): void
}

const SERVICE = 'tenantlab'
/** Milliseconds: a locked keyring waits for its owner, but not for ever. */
const PATIENCE = 60_000

/** The keyring of this machine; `undefined` where there is none. */
export function systemKeyring(environment: Environment, platform: string = process.platform): Keyring | undefined {
  if (platform === 'darwin' && isProgram('security', environment)) return keychain(environment)
  if (platform === 'win32' || !isProgram('secret-tool', environment)) return undefined
  // Without a session bus secret-tool can reach no service.
  return isSet(environment.DBUS_SESSION_BUS_ADDRESS) ? secretService(environment) : undefined
}

function secretService(environment: Environment): Keyring {
  const at = (account: string): readonly string[] => ['service', SERVICE, 'account', account]
  return {
    name: 'the system keyring',
    read: (account) => read('secret-tool', ['lookup', ...at(account)], environment),
    write: (account, secret) =>
      must('secret-tool', ['store', `--label=tenantlab ${account}`, ...at(account)], secret, environment),
    remove: (account) => void call('secret-tool', ['clear', ...at(account)], '', environment),
  }
}

function keychain(environment: Environment): Keyring {
  const at = (account: string): readonly string[] => ['-s', SERVICE, '-a', account]
  return {
    name: 'the macOS keychain',
    read: (account) => read('security', ['find-generic-password', ...at(account), '-w'], environment),
    // By its prompt: an argument would be seen in the list of processes.
    write: (account, secret) =>
      must(
        'security',
        ['-i'],
        `add-generic-password -U -s ${SERVICE} -a ${quoted(account)} -w ${quoted(secret)}\n`,
        environment,
      ),
    remove: (account) => void call('security', ['delete-generic-password', ...at(account)], '', environment),
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function read(program: string, args: readonly string[], environment: Environment): string | undefined {
  const { status, stdout } = call(program, args, '', environment)
  const secret = stdout.replace(/\n$/, '')
  return status === 0 && secret !== '' ? secret : undefined
}

function must(program: string, args: readonly string[], input: string, environment: Environment): void {
  const { status } = call(program, args, input, environment)
  if (status === 0) return
  throw new ConfigurationError(
    `The keyring did not take the secret: ${program} ended with ${status ?? 'no answer'}. Unlock it, or keep the secret in ` +
      'the profiles file.',
  )
}

function call(program: string, args: readonly string[], input: string, environment: Environment) {
  return spawnSync(program, args, {
    input,
    env: { ...environment } as NodeJS.ProcessEnv,
    encoding: 'utf8',
    timeout: PATIENCE,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}

function isProgram(name: string, environment: Environment): boolean {
  return (environment.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: the next folder may have it.
    return false
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
