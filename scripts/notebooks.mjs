// Opens the notebooks in Jupyter, with the kernel profile, beside an embedded tenant.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { node, root } from './child.mjs'
import { ensure, script } from './ensure.mjs'
import { has, installCommand } from './needs.mjs'

// Until Jupyter has told where it listens, its log is passed on and read.
const ADDRESS = /https?:\/\/(?:127\.0\.0\.1|localhost):\d+\/\S*/

await script(async () => {
  await ensure()
  if (!has('notebook')) {
    throw new Error(
      `The notebooks open in Jupyter, which is not installed. Install it (${installCommand('notebook')}) and start again.`,
    )
  }
  const data = join(root, '.cache', 'jupyter')
  const tenantlab = join(root, 'dist', 'cli.js')
  // Known to Jupyter for this run only, by the name that the notebooks ask for: nothing is written to the reader's home.
  const installed = await node([tenantlab, 'notebooks', 'install', '--folder', data, '--name', 'tslab'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (installed !== 0) process.stderr.write('The notebooks run without the kernel profile.\n')
  const paths = [data, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter)
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : []
  const tenant = spawn(process.execPath, [tenantlab, 'sandbox', '--port', '0'], { stdio: 'inherit' })
  try {
    return await jupyter(['notebook', ...asRoot, ...process.argv.slice(2)], {
      cwd: join(root, 'notebooks'),
      env: { ...process.env, JUPYTER_PATH: paths },
    })
  } finally {
    tenant.kill()
  }
})

/** Runs Jupyter and prints, once, the address to open in a browser. */
function jupyter(args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn('jupyter', args, { ...options, stdio: ['inherit', 'pipe', 'pipe'] })
    const pass = (signal) => child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, pass)
    let told = false
    const listen = (from, to) =>
      from.on('data', (chunk) => {
        to.write(chunk)
        const address = told ? undefined : ADDRESS.exec(String(chunk))?.[0]
        if (address === undefined) return
        told = true
        process.stdout.write(`\nThe notebooks are open at ${address}\n\n`)
      })
    listen(child.stdout, process.stdout)
    listen(child.stderr, process.stderr)
    child.once('error', reject)
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, pass)
      resolve(code ?? 143)
    })
  })
}
