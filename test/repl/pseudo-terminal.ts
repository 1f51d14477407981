import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** Milliseconds without any output after which a wait has failed. */
const PATIENCE = Number(process.env.PTY_PATIENCE ?? 15_000)

/** The beginning of a control sequence. */
const UNFINISHED = new RegExp(`${String.fromCharCode(27)}\\[?[\\d;?]*$`)

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js')

/** File that names the terminal's device. */
const DEVICE = '.device'

/** Keys that no letter stands for. */
export const keys = { enter: '\r', tab: '\t', ctrlC: '\x03', ctrlD: '\x04', up: '\x1b[A' }

/** Why no pseudo-terminal can be had here; `undefined` where it can. */
export function missing(): string | undefined {
  if (!existsSync(cli)) return 'needs the build in dist/'
  return spawnSync('script', ['--version']).status === 0 ? undefined : 'needs script of util-linux'
}

/** The command on a pseudo-terminal, with a home of its own. */
export class PseudoTerminal {
  readonly home: string
  readonly #child: ChildProcessWithoutNullStreams
  #seen = ''
  #read = 0
  #changed: (() => void)[] = []
  readonly #ended: Promise<number | null>

  constructor(
    words: readonly string[],
    options: { columns?: number; env?: Record<string, string>; home?: string; folder?: string } = {},
  ) {
    const { columns = 100, env = {}, home, folder } = options
    this.home = home ?? mkdtempSync(join(tmpdir(), 'tenantlab-console-'))
    const quoted = [process.execPath, cli, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
    const place = `'${join(this.home, DEVICE)}'`
    const command = `stty cols ${columns} rows 40; tty > ${place}; exec ${quoted}`
    this.#child = spawn('script', ['-qfec', command, '/dev/null'], {
      ...(folder !== undefined && { cwd: folder }),
      env: { ...clean(process.env), HOME: this.home, TERM: 'xterm-256color', ...this.places(), ...env },
    })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#seen += text
      for (const tell of this.#changed.splice(0)) tell()
    })
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        resolve(code)
        for (const tell of this.#changed.splice(0)) tell()
      })
    })
  }

  places(): Record<string, string> {
    return { XDG_STATE_HOME: join(this.home, 'state'), XDG_CONFIG_HOME: join(this.home, 'config') }
  }

  /** All that was printed, colours and cursor movements taken out. */
  get text(): string {
    // A control sequence may still be on its way.
    return stripVTControlCharacters(this.#seen.replace(UNFINISHED, '')).replaceAll('\r', '')
  }

  /** All that was printed, as it came. */
  get raw(): string {
    return this.#seen
  }

  /** Presses keys. */
  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Presses a key several times, as a person does: what comes in one piece is taken for something pasted. */
  async press(key: string, times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      this.type(key)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
  }

  /** Types a line, and waits for what it prints. Answers what was printed from here on, up to the match. */
  async line(text: string, expected: RegExp | string): Promise<string> {
    this.type(`${text}${keys.enter}`)
    return this.see(expected)
  }

  /** Waits until the console asks for the next statement. Answers what was printed until then. */
  prompt(): Promise<string> {
    return this.see(/(?:^|\n)[\w-]+(?: \[\w+\])?(?: read-only)?> $/)
  }

  /** Types a line, and waits for the prompt after it. Answers what was printed in between, the echo of the line first. */
  async statement(text: string): Promise<string> {
    this.type(`${text}${keys.enter}`)
    return this.prompt()
  }

  /** Waits for a text that was printed after the one waited for last. */
  async see(expected: RegExp | string): Promise<string> {
    const pattern = typeof expected === 'string' ? new RegExp(escaped(expected)) : expected
    for (;;) {
      const rest = this.text.slice(this.#read)
      const found = pattern.exec(rest)
      if (found !== null) {
        const end = found.index + found[0].length
        this.#read += end
        return rest.slice(0, end)
      }
      if (this.#child.exitCode !== null)
        throw new Error(`The console ended without printing ${pattern}. It printed: ${rest}`)
      await this.#change(pattern, rest)
    }
  }

  /** Waits for the next output; says what is there when none comes, instead of waiting for the runner to give up. */
  #change(pattern: RegExp, rest: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The console did not print ${pattern}, but: ${rest}`)), PATIENCE)
      this.#changed.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Gives the terminal another width, which the command is told of. */
  resize(columns: number): void {
    const device = readFileSync(join(this.home, DEVICE), 'utf8').trim()
    spawnSync('stty', ['-F', device, 'cols', String(columns)], { stdio: 'inherit' })
  }

  /** Waits for the end. */
  ended(): Promise<number | null> {
    return this.#ended
  }

  /** Ends what still runs, and forgets its home. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.stdin.end()
      this.#child.kill('SIGTERM')
      await this.#ended
    }
    rmSync(this.home, { recursive: true, force: true })
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function clean(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !/^(AUTH0|TENANTLAB|XDG|NO_COLOR|FORCE_COLOR|VITEST|NODE_OPTIONS|CI$|GITHUB_)/.test(name),
    ),
  )
}
