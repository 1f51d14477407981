import { StringDecoder } from 'node:string_decoder'
import type { Observer, Subscribable, Unsubscribable } from '../plan/index.ts'
import { unpackStream } from './unpack.ts'

/** Characters that are kept until the caller subscribes. */
const MOST_KEPT = 16 * 1024 * 1024

/**
 * A body as it comes, as text. What arrives before someone subscribes is kept. It can be subscribed to once:
 * unsubscribing gives up the request.
 */
export class ChunkStream implements Subscribable<string> {
  readonly #giveUp: () => void
  readonly #decoder = new StringDecoder('utf8')
  readonly #waiting: string[] = []
  #observer: Observer<string> | undefined
  #taken = false
  #begun = false
  #unpacking: ReturnType<typeof unpackStream> | undefined
  #kept = 0
  #over: { readonly error?: unknown } | undefined

  constructor(giveUp: () => void) {
    this.#giveUp = giveUp
  }

  subscribe(observer: Observer<string>): Unsubscribable {
    if (this.#taken) {
      observer.error?.(new TypeError('A streamed body is read once; run the plan again for another stream.'))
      return { unsubscribe() {} }
    }
    this.#taken = true
    this.#observer = observer
    for (const text of this.#waiting.splice(0)) this.#observer?.next?.(text)
    if (this.#over !== undefined) this.#conclude(this.#over)
    return { unsubscribe: () => this.#leave() }
  }

  push(chunk: Uint8Array): void {
    // A file that is stored packed says so by its first bytes alone.
    if (!this.#begun && chunk[0] === 0x1f && chunk[1] === 0x8b) {
      this.#unpacking = unpackStream(
        ['gzip'],
        (bytes) => this.#tell(this.#decoder.write(bytes as Buffer)),
        (error) => (error === undefined ? this.#finish() : this.fail(error)),
      )
    }
    this.#begun = true
    if (this.#unpacking === undefined) this.#tell(this.#decoder.write(chunk as Buffer))
    else this.#unpacking.write(chunk)
  }

  end(): void {
    if (this.#unpacking === undefined) this.#finish()
    else this.#unpacking.end()
  }

  #finish(): void {
    this.#tell(this.#decoder.end())
    this.#conclude({})
  }

  fail(error: unknown): void {
    this.#conclude({ error })
  }

  #tell(text: string): void {
    if (text === '' || this.#over !== undefined) return
    if (this.#taken) {
      this.#observer?.next?.(text)
      return
    }
    this.#waiting.push(text)
    this.#kept += text.length
    if (this.#kept <= MOST_KEPT) return
    this.fail(new RangeError(`nobody took the body, of which ${MOST_KEPT} characters are kept`))
    this.#giveUp()
  }

  #conclude(how: { readonly error?: unknown }): void {
    this.#over ??= how
    const observer = this.#observer
    if (observer === undefined) return
    this.#observer = undefined
    if ('error' in this.#over) observer.error?.(this.#over.error)
    else observer.complete?.()
  }

  #leave(): void {
    if (this.#observer === undefined) return
    this.#observer = undefined
    if (this.#over === undefined) this.#giveUp()
    this.#over ??= {}
  }
}
