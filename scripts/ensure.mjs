// Installs and builds what is missing. Needs nothing but Node and npm, and runs before every other job, because npm's
// own pre-scripts neither run under ignore-scripts nor find development dependencies under NODE_ENV=production.
import { join } from 'node:path'
import { isMain, node, npm, root, run } from './child.mjs'
import { isBuilt, isInstalled } from './freshness.mjs'
import { withLock } from './lock.mjs'

/** Makes node_modules match the lock and dist/ match the sources; says on standard error what it does. */
export async function ensure({ build = true } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old. Install Node 20.19 or newer and start again.`)
  }
  if (isInstalled() && (!build || isBuilt())) return
  await withLock(
    join(root, '.cache', 'ensure.lock'),
    async () => {
      if (!isInstalled()) await install()
      if (build && !isBuilt()) await compile()
    },
    () => say('Another process is installing or building here; waiting for it.'),
  )
}

async function install() {
  say('Installing dependencies (npm ci).')
  const [program, leading] = npm()
  const args = [...leading, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await run(program, args, { stdio: ['ignore', 2, 2] })
  if (code !== 0)
    throw new Error(`npm ci ended with exit code ${code}. Read its message above, mend that, and start again.`)
}

async function compile() {
  say('Building dist/.')
  const code = await node([join('scripts', 'build.mjs'), '--locked'], { stdio: ['ignore', 2, 2] })
  if (code !== 0)
    throw new Error(`The build ended with exit code ${code}. Read its message above, mend that, and start again.`)
}

const say = (text) => process.stderr.write(`${text}\n`)

/** Runs a script's `main`, and turns a failure into one sentence and exit code 1. */
export async function script(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}

if (isMain(import.meta.url)) await script(() => ensure())
