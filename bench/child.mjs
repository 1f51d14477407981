// Runs a measuring script in a process of its own and answers the JSON of its last line.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** The environment without anything that names a tenant: no bench may leave the machine. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AUTH0_')))

export function measure(script, ...args) {
  return measureIn(join(here, '..'), script, ...args)
}

/** The same with another working directory, from which packages are found. */
export function measureIn(folder, script, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(here, script), ...args.map(String)], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const last = output.trim().split('\n').at(-1) ?? ''
      if (code !== 0) reject(new Error(`bench/${script} ${args.join(' ')} ended with ${code}.`))
      else resolve(JSON.parse(last))
    })
  })
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Runs each variant once per round, in turn, so that a drift of the machine meets all of them. */
export async function interleave(variants, rounds, run) {
  const samples = Object.fromEntries(variants.map((variant) => [variant, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) samples[variant].push(await run(variant))
  }
  return samples
}
