import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Blocking } from './engine.ts'
import { addLineKeys } from './line-keys.ts'
import { statementsIn } from './statements.ts'
import type { Ran, Workbench } from './workbench.ts'

/** How a person sits in front of a workbench. */
export interface TerminalOptions {
  readonly bench: Workbench
  readonly input: ReadStream
  readonly output: WriteStream
  /** Asked before each prompt, as it tells whether writes are sent. */
  readonly prompt: () => string
  /** Earlier statements, the newest first. */
  readonly recalled?: readonly string[]
}

const MORE = '... '
/** Statements that can be called back. */
const KEPT = 1000

/**
 * Reads statements until the end of input or `.exit`. Lines that arrive while one runs wait for it, so that pasted
 * lines run in order.
 */
export async function runTerminal(options: TerminalOptions): Promise<void> {
  const { bench, input } = options
  const gate = gateBefore(options.output)
  const lines: string[] = []
  let pending = ''
  let draining = false
  const reader = createInterface({
    input,
    output: gate.stream,
    terminal: true,
    historySize: KEPT,
    removeHistoryDuplicates: true,
    // Readline takes the newest first, as the file's reader has them.
    history: [...(options.recalled ?? [])],
    tabSize: 2,
    completer: (line: string, done: (error: Error | null, found: [string[], string]) => void) => {
      const found = bench.complete(pending === '' ? line : `${pending}\n${line}`)
      if (Array.isArray(found)) return done(null, found)
      found.then(
        (late) => done(null, late),
        (error: Error) => done(error, [[], line]),
      )
    },
  })
  let recalled = [...(options.recalled ?? [])]
  const prompt = (): string => (pending === '' ? options.prompt() : MORE)
  const ask = (): void => {
    gate.open()
    reader.setPrompt(prompt())
    reader.prompt(true)
  }
  const endKeys = addLineKeys(reader, gate.stream, prompt)
  // Readline keeps each line; what is called back is the whole statement.
  const remember = (statement: string): void => {
    recalled = [statement, ...recalled.filter((each) => each !== statement)].slice(0, KEPT)
    const { history } = reader as unknown as { readonly history: string[] }
    history.splice(0, history.length, ...recalled)
  }
  const ended = new Promise<void>((resolve) => reader.once('close', resolve))

  const drain = async (): Promise<void> => {
    if (draining) return
    draining = true
    gate.close()
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      pending = pending === '' ? line : `${pending}\n${line}`
      const { ran, open } = await runBlock(bench, pending)
      if (ran === 'incomplete') {
        // What stood before it has run.
        pending = open
        continue
      }
      if (pending.trim() !== '') remember(pending)
      pending = ''
      if (ran === 'end') {
        reader.close()
        return
      }
    }
    draining = false
    ask()
  }
  reader.on('line', (line) => {
    lines.push(line)
    void drain()
  })
  reader.on('SIGINT', () => {
    // Lines that wait were meant to follow what is being cancelled.
    if (bench.busy) {
      lines.length = 0
      bench.interrupt()
      return
    }
    pending = ''
    clearLine(reader, gate)
    ask()
  })
  const onSignal = (): void => bench.interrupt()
  process.on('SIGINT', onSignal)
  ask()
  await ended
  endKeys()
  process.off('SIGINT', onSignal)
  gate.open()
  options.output.write('\n')
}

/**
 * Runs a statement, or the statements of a block one after the other: the first that fails is the last, as those behind it
 * were written in the belief that it had worked.
 */
async function runBlock(bench: Workbench, block: string): Promise<{ readonly ran: Ran; readonly open: string }> {
  const statements = statementsIn(block)
  let open = ''
  for (const [index, statement] of statements.entries()) {
    const text = open === '' ? statement : `${open}\n${statement}`
    const ran = await bench.run(text)
    open = ran === 'incomplete' ? text : ''
    if (ran === 'ok' || ran === 'incomplete') continue
    const left = statements.length - index - 1
    if (left > 0 && ran !== 'end')
      bench.remark(`What follows it was not run: ${left} of ${statements.length} statements.`)
    return { ran, open }
  }
  return { ran: open === '' ? 'ok' : 'incomplete', open }
}

/**
 * Takes the terminal out of raw mode while code runs without a pause, so that Ctrl-C reaches an endless loop as a signal;
 * otherwise Ctrl-C is a key.
 */
export function signalsWhileBlocked(input: ReadStream): Blocking {
  return (run) => {
    input.setRawMode(false)
    try {
      return run()
    } finally {
      input.setRawMode(true)
    }
  }
}

/** Drops what was typed, as Ctrl-C does in other consoles; readline would draw the line anew for each of the two keys. */
function clearLine(reader: Interface, gate: Gate): void {
  gate.stream.write('^C\n')
  gate.close()
  reader.write(null, { ctrl: true, name: 'e' })
  reader.write(null, { ctrl: true, name: 'u' })
}

interface Gate {
  readonly stream: Writable
  open(): void
  close(): void
}

/** Between readline and the terminal: what is typed while a statement runs is not echoed into its output. */
function gateBefore(output: WriteStream): Gate {
  let isOpen = true
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      // Decided at once: what waits here would meet a gate that has closed meanwhile.
      if (isOpen) output.write(chunk, encoding)
      done()
    },
  })
  Object.defineProperties(stream, {
    columns: { get: () => output.columns },
    rows: { get: () => output.rows },
    isTTY: { value: true },
  })
  output.on('resize', () => stream.emit('resize'))
  return {
    stream,
    open() {
      isOpen = true
    },
    close() {
      isOpen = false
    },
  }
}
