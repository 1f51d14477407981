import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigurationError } from '../plan/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The operating system's store of secrets. */
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

/** The part of @napi-rs/keyring that is used. */
export interface KeyringModule {
  readonly Entry: new (
    service: string,
    account: string,
    options?: object,
  ) => {
    getPassword(): string | null
    setPassword(secret: string): void
    deletePassword(): boolean
  }
}

/**
 * The keyring of this machine; `undefined` where there is none. It is reached by the program that comes with the system,
 * where one does: what earlier versions stored is found there. Elsewhere, as on Windows, by the optional peer
 * @napi-rs/keyring.
 *
 * @param peer that package; looked for when left out, and `null` for none.
 */
export function systemKeyring(
  environment: Environment,
  platform: string = process.platform,
  peer?: KeyringModule | null,
): Keyring | undefined {
  const found = keyringOf(environment, platform, peer)
  return found === undefined ? undefined : inOneLine(found)
}

/** Some of them take texts of one line alone, and a private key has many. */
function inOneLine(keyring: Keyring): Keyring {
  return {
    ...keyring,
    read(account) {
      const text = keyring.read(account)
      return text?.startsWith(ENCODED) === true
        ? Buffer.from(text.slice(ENCODED.length), 'base64').toString('utf8')
        : text
    },
    write(account, secret) {
      const isPlain = !/[\r\n]/.test(secret) && !secret.startsWith(ENCODED)
      keyring.write(account, isPlain ? secret : ENCODED + Buffer.from(secret).toString('base64'))
    },
  }
}

const ENCODED = 'base64:'

function keyringOf(
  environment: Environment,
  platform: string,
  peer: KeyringModule | null | undefined,
): Keyring | undefined {
  if (platform === 'darwin' && isProgram('security', environment)) return keychain(environment)
  const isUnix = platform !== 'win32' && platform !== 'darwin'
  // Without a session bus secret-tool can reach no service, and neither can the peer.
  if (isUnix && !isSet(environment.DBUS_SESSION_BUS_ADDRESS)) return undefined
  if (isUnix && isProgram('secret-tool', environment)) return secretService(environment)
  const found = peer === undefined ? installedPeer() : peer
  return found === undefined || found === null ? undefined : byPeer(found, platform)
}

let peerModule: KeyringModule | null | undefined

function installedPeer(): KeyringModule | null {
  if (peerModule !== undefined) return peerModule
  try {
    // In a bundle of CommonJS a module has no address.
    const place = import.meta.url ?? pathToFileURL(`${process.cwd()}/`).href
    peerModule = createRequire(place)('@napi-rs/keyring') as KeyringModule
  } catch {
    // It is optional; the caller tells where secrets went instead.
    peerModule = null
  }
  return peerModule
}

function byPeer({ Entry }: KeyringModule, platform: string): Keyring {
  // The kernel's own store, which it falls back on, forgets everything when the machine restarts.
  const options = platform === 'linux' ? { linux: { store: 'secret-service' } } : undefined
  const at = (account: string) => new Entry(SERVICE, account, options)
  return {
    name: platform === 'win32' ? 'the Windows Credential Manager' : 'the system keyring',
    read(account) {
      try {
        return at(account).getPassword() ?? undefined
      } catch {
        // Locked or not running: the caller tells that it does not give the secret.
        return undefined
      }
    },
    write(account, secret) {
      try {
        at(account).setPassword(secret)
      } catch (cause) {
        throw new ConfigurationError(
          'The keyring did not take the secret. Unlock it, or keep the secret in the profiles file.',
          { cause },
        )
      }
    },
    remove(account) {
      try {
        at(account).deletePassword()
      } catch {
        // What cannot be reached cannot be removed; the profile no longer names it.
      }
    },
  }
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
  // Loaded by a secret of a keyring, not by every import.
  return process.getBuiltinModule('node:child_process').spawnSync(program, args, {
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
