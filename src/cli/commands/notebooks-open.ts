import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { meantSentence, nearest } from '../../catalogue/index.ts'
import { installKernel, packageFolder } from '../../notebook/index.ts'
import { MisuseError, textOf, type Values } from '../words/index.ts'

const INDEX = 'index'

/** What a verb of `tenantlab notebooks` gets. */
export interface Given {
  /** The words after it. */
  readonly args: readonly string[]
  readonly values: Values
  write(text: string): void
  warn(text: string): void
}

/**
 * Copies the notebooks of this package, and the runbooks that they use, and opens one in Jupyter.
 *
 * @returns Jupyter's exit code, once it has ended; 0 where nothing was to be opened.
 */
export async function open({ args: [name = INDEX, ...more], values, write, warn }: Given): Promise<number> {
  if (more.length > 0) throw new MisuseError(`"${more[0]}" would be left out: notebooks open takes one name.`)
  const from = packageFolder()
  const notebook = named(name, notebooksOf(from))
  const folder = textOf(values, 'to') ?? 'tenantlab-notebooks'
  const { copied, kept } = copy(from, folder, values.force === true)
  write(`${folder}: ${copied} files copied${kept.length === 0 ? '.' : `, ${kept.length} that you changed left alone:`}`)
  for (const file of kept) write(`  ${file}`)
  const place = join(folder, 'notebooks', notebook)
  if (values.copy === true) {
    write(`Open ${place}.`)
    return 0
  }
  const front = ['lab', 'notebook'].find((one) => spawnSync('jupyter', [one, '--version']).status === 0)
  if (front === undefined) {
    warn(
      `Jupyter is not installed, so ${place} was not opened. Install it (pip install notebook) and repeat the command, ` +
        'or open the file in an editor that runs notebooks.',
    )
    return 1
  }
  // Known to this Jupyter alone, by the name that the notebooks ask for: nothing is written to the reader's home.
  const data = join(folder, '.jupyter')
  installKernel({ folder: data, name: 'tslab', force: true })
  const paths = [resolve(data), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter)
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : []
  return jupyter([front, ...asRoot, notebook], join(folder, 'notebooks'), { ...process.env, JUPYTER_PATH: paths })
}

/** The notebook that a reader means by `05`, `token-quotas` or `05-token-quotas.ipynb`. */
function named(name: string, all: readonly string[]): string {
  const wanted = name.replace(/\.ipynb$/, '').toLowerCase()
  const titles = all.map((file) => file.slice(0, -'.ipynb'.length))
  const exact = titles.filter((title) => title === wanted)
  const meant = exact.length > 0 ? exact : titles.filter((title) => title.includes(wanted))
  if (meant.length === 1) return `${meant[0]}.ipynb`
  const near = nearest(wanted, titles)
  const list = (titles: readonly string[]): string => titles.map((title) => `\n  ${title}`).join('')
  throw new MisuseError(
    meant.length > 1
      ? `"${name}" may be any of these; write more of it:${list(meant)}`
      : `There is no notebook "${name}". ${meantSentence(near, `There are these; without a name the index opens:${list(titles)}`)}`,
  )
}

function notebooksOf(from: string): string[] {
  return filesOf(join(from, 'notebooks')).filter((file) => file.endsWith('.ipynb'))
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) =>
      entry.isDirectory() ? filesOf(join(folder, entry.name)).map((file) => `${entry.name}/${file}`) : [entry.name],
    )
    .sort()
}

/** Copies both folders as they lie beside each other in the package; what a reader changed stays unless forced. */
function copy(from: string, to: string, force: boolean): { copied: number; kept: readonly string[] } {
  const kept: string[] = []
  let copied = 0
  for (const part of ['notebooks', 'runbooks'])
    for (const file of filesOf(join(from, part))) {
      const [source, target] = [join(from, part, file), join(to, part, file)]
      if (existsSync(target) && !force && !readFileSync(target).equals(readFileSync(source))) {
        kept.push(target)
        continue
      }
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(source, target)
      copied += 1
    }
  return { copied, kept }
}

function jupyter(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn('jupyter', args, { cwd, env, stdio: 'inherit' })
  // Jupyter asks what an interrupt of its terminal means; this process only waits for it.
  const wait = (): void => {}
  const pass = (): void => void child.kill('SIGTERM')
  process.on('SIGINT', wait).on('SIGTERM', pass)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 143))
  }).finally(() => process.off('SIGINT', wait).off('SIGTERM', pass))
}
