import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { Order, Report } from './worker.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** Processes that each run the worker, built from the sources as they stand. */
export class Processes {
  readonly #folder: string
  readonly #running = new Set<ChildProcess>()

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** @param entry the worker's file. */
  static async build(entry = join(import.meta.dirname, 'worker.ts')): Promise<Processes> {
    // Within the checkout, so that packages are found.
    mkdirSync(join(root, 'test-artifacts'), { recursive: true })
    const folder = mkdtempSync(join(root, 'test-artifacts', 'stores-'))
    await build({
      entryPoints: [{ in: entry, out: 'worker' }],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    })
    return new Processes(folder)
  }

  /** Starts a worker for each order, lets all go at once, and answers what each reports. */
  async run(orders: readonly Order[], certificates: string): Promise<readonly Report[]> {
    const children = await Promise.all(orders.map((order) => this.start(order, certificates)))
    const done = children.map((child) => report(child))
    for (const child of children) child.send('go')
    return Promise.all(done)
  }

  /** Starts a worker, which goes when it is sent a message. */
  async start(order: Order, certificates: string): Promise<ChildProcess> {
    const child = fork(join(this.#folder, 'worker.mjs'), [JSON.stringify(order)], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificates },
      execArgv: [],
    })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    await report(child)
    return child
  }

  close(): void {
    for (const child of this.#running) child.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true })
  }
}

async function report(child: ChildProcess): Promise<Report> {
  const ended = new AbortController()
  const gone = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`A worker ended with ${code} before it reported.`)
  })
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: ended.signal }), gone])
    return message as Report
  } finally {
    ended.abort()
    gone.catch(() => {})
  }
}
