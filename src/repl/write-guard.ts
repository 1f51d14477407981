import { ConfigurationError } from '../plan/index.ts'
import { internalsOf, type Session, type Writes } from '../session/index.ts'

type Connect = (...given: readonly unknown[]) => Session

/**
 * Whether a console may write, for all sessions that it opens: one that is read-only binds the whole process, and a
 * tenant that its profile calls production starts without writes.
 */
export class WriteGuard {
  readonly #readOnly: boolean
  readonly #sessions: Session[] = []
  readonly #before = process.env.TENANTLAB_WRITES
  #chosen: 'allow' | 'deny' | undefined

  constructor(readOnly: boolean) {
    this.#readOnly = readOnly
    if (readOnly) process.env.TENANTLAB_WRITES = 'deny'
  }

  /** @param tag what the tenant is for; that of its profile when left out. */
  add(session: Session, tag: string | undefined = internalsOf(session).environment): Session {
    const internals = internalsOf(session)
    this.#sessions.push(session)
    const isGuarded = tag === 'production' && this.#chosen !== 'allow'
    const writes = this.#readOnly || isGuarded ? 'deny' : this.#chosen
    if (writes !== undefined && (writes === 'deny' ? internals.writes() === 'allow' : true)) internals.setWrites(writes)
    return session
  }

  /** Another tenant than before: what was allowed there is not allowed here. */
  moveTo(session: Session, tag: string | undefined): Session {
    this.#chosen = undefined
    return this.add(session, tag)
  }

  /** `connect` as the console has it: what it opens is guarded as well. */
  connecting(connect: unknown): { readonly connect?: Connect } {
    if (typeof connect !== 'function') return {}
    return { connect: (...given) => this.add((connect as Connect)(...given)) }
  }

  /**
   * Allows or refuses writes from now on, in all sessions of the console.
   *
   * @throws ConfigurationError where the console is read-only.
   */
  set(writes: Exclude<Writes, 'check'>): void {
    if (writes === 'allow' && this.#readOnly)
      throw new ConfigurationError('This console was opened with --read-only. Open another to write.')
    this.#chosen = writes
    for (const session of this.#sessions) internalsOf(session).setWrites(writes)
  }

  close(): void {
    if (!this.#readOnly) return
    if (this.#before === undefined) delete process.env.TENANTLAB_WRITES
    else process.env.TENANTLAB_WRITES = this.#before
  }
}
