// Opens the notebooks in Jupyter, beside an embedded tenant.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root, run } from './child.mjs'
import { ensure, script } from './ensure.mjs'
import { has, installCommand } from './needs.mjs'

await script(async () => {
  await ensure()
  if (!has('notebook')) {
    throw new Error(
      `The notebooks open in Jupyter, which is not installed. Install it (${installCommand('notebook')}) and start again.`,
    )
  }
  const data = join(root, '.cache', 'jupyter')
  writeKernel(join(data, 'kernels', 'tslab'))
  const paths = [data, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter)
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : []
  const tenant = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'sandbox', '--port', '0'], { stdio: 'inherit' })
  try {
    return await run('jupyter', ['notebook', ...asRoot, ...process.argv.slice(2)], {
      cwd: join(root, 'notebooks'),
      env: { ...process.env, JUPYTER_PATH: paths },
    })
  } finally {
    tenant.kill()
  }
})

/** The kernel of this checkout, known to Jupyter for this run only: nothing is written to the reader's home. */
function writeKernel(folder) {
  const tslab = join(root, 'node_modules', 'tslab', 'bin', 'tslab')
  if (!existsSync(tslab)) throw new Error('tslab is not installed. Run npm ci --include=dev and start again.')
  mkdirSync(folder, { recursive: true })
  const kernel = {
    argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
  }
  writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(kernel, null, 2)}\n`)
}
