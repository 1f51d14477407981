import type { Session } from '../session.ts'

/** Where plans and flows belong to; known to them before the session itself is made. */
export class Home {
  readonly now: () => number
  #session: Session | undefined

  /** @param now epoch milliseconds of the session's clock. */
  constructor(now: () => number) {
    this.now = now
  }

  get session(): Session | undefined {
    return this.#session
  }

  /** Called once, by whoever makes the session. */
  belongsTo(session: Session): void {
    this.#session = session
  }
}
