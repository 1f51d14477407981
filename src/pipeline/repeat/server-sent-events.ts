/** One message of a stream of server-sent events. */
export interface ServerMessage {
  readonly id?: string
  readonly event?: string
  readonly data: string
}

/** Reads server-sent events from text as it comes; lines and messages may be cut anywhere. */
export class MessageReader {
  #rest = ''
  #skipFeed = false
  #id: string | undefined
  #event: string | undefined
  #data: string[] = []

  /** The messages that this piece of text completes. */
  read(text: string): ServerMessage[] {
    const messages: ServerMessage[] = []
    let buffer = this.#rest + text
    // A line may end in CR LF, and the two may come in different pieces.
    if (this.#skipFeed && buffer.startsWith('\n')) buffer = buffer.slice(1)
    this.#skipFeed = false
    let begin = 0
    for (let index = 0; index < buffer.length; index++) {
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
