/** One message of a stream of server-sent events. */
export interface ServerMessage {
  readonly id?: string
  readonly event?: string
  readonly data: string
}

/** Characters of one line; events are far smaller. */
const LONGEST_LINE = 16 * 1024 * 1024

/**
 * Reads server-sent events from text as it comes; lines and messages may be cut anywhere. Written here because the usual
 * parser forgets an id that comes without data: a stream that is asked for again from an older id repeats events.
 */
export class MessageReader {
  #rest = ''
  #skipFeed = false
  #id: string | undefined
  #event: string | undefined
  #data: string[] = []

  /** The messages that this piece of text completes. */
  read(text: string): ServerMessage[] {
    const messages: ServerMessage[] = []
    // A line may end in CR LF, and the two may come in different pieces.
    const piece = this.#skipFeed && text.startsWith('\n') ? text.slice(1) : text
    this.#skipFeed = false
    const buffer = this.#rest + piece
    let begin = 0
    // What is left of the last piece has no end of a line: it is not looked through again.
    for (let index = this.#rest.length; index < buffer.length; index++) {
      const char = buffer[index]
      if (char !== '\n' && char !== '\r') continue
      const message = this.#line(buffer.slice(begin, index))
      if (message !== undefined) messages.push(message)
      if (char === '\r') {
        if (buffer[index + 1] === '\n') index += 1
        else if (index + 1 === buffer.length) this.#skipFeed = true
      }
      begin = index + 1
    }
    this.#rest = buffer.slice(begin)
    if (this.#rest.length > LONGEST_LINE) throw new RangeError(`a line is longer than ${LONGEST_LINE} characters`)
    return messages
  }

  #line(line: string): ServerMessage | undefined {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    return undefined
  }

  #dispatch(): ServerMessage | undefined {
    const data = this.#data
    const event = this.#event
    this.#data = []
    this.#event = undefined
    if (data.length === 0) return undefined
    return {
      data: data.join('\n'),
      ...(this.#id !== undefined && { id: this.#id }),
      ...(event !== undefined && { event }),
    }
  }
}
