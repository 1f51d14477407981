import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installKernel } from '../../src/notebook/index.ts'
import { linkPackages, root } from './kernels.ts'

/** Jupyter with the kernel of this checkout, in a folder of its own. */
export class Jupyter {
  readonly url: string
  readonly folder: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, url: string, folder: string) {
    this.#process = process
    this.url = url
    this.folder = folder
  }

  static async start(): Promise<Jupyter> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantlab-in-jupyter-'))
    const work = join(folder, 'work')
    mkdirSync(work)
    linkPackages(work)
    installKernel({ folder, name: 'tslab', from: root })
    const env = {
      ...process.env,
      JUPYTER_DATA_DIR: folder,
      JUPYTER_CONFIG_DIR: join(folder, 'config'),
      JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
      HANDS_SECRET: '',
    }
    const options = [
      '--no-browser',
      '--allow-root',
      '--ip=127.0.0.1',
      `--port=${await freePort()}`,
      '--NotebookApp.port_retries=0',
      '--NotebookApp.token=',
      '--NotebookApp.password=',
    ]
    const child = spawn('jupyter', ['notebook', ...options, `--notebook-dir=${work}`], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const url = await new Promise<string>((resolve, reject) => {
      let said = ''
      const hear = (chunk: unknown): void => {
        said += String(chunk)
        const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)
        if (found !== null) resolve(found[0])
      }
      for (const stream of [child.stdout, child.stderr]) stream.on('data', hear)
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`Jupyter has ended: ${said}`)))
    })
    return new Jupyter(child, url, folder)
  }

  path(name: string): string {
    return join(this.folder, 'work', name)
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('close', resolve))
    this.#process.kill('SIGTERM')
    await gone
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A port that nobody listened on a moment ago; Jupyter wants to be told one. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
