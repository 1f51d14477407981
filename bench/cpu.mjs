// CPU time of the client per request, 50 in flight, and how long requests take, against a server in a process of its own.
import { fork } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { interleave, measure, median } from './child.mjs'

const here = dirname(fileURLToPath(import.meta.url))

export async function cpuPerRequest() {
  const server = fork(join(here, 'cpu-server.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const port = await new Promise((resolve, reject) => {
      server.once('message', resolve)
      server.once('exit', (code) => reject(new Error(`the bench's server ended with ${code}`)))
    })
    const variants = ['pool', 'tenantlab', 'auth0']
    const samples = await interleave(variants, 5, (name) => measure('cpu-one.mjs', name, port))
    const of = (name, figure = 'cpu') => median(samples[name].map((sample) => sample[figure]))
    const ours = of('tenantlab')
    const latency = (what, figure, budget) => {
      const [mine, theirs] = [of('tenantlab', figure), of('pool', figure)]
      return { what, ours: mine, theirs, unit: 'µs', against: 'undici Pool', budget }
    }
    const what = 'CPU per request, 50 in flight'
    return [
      { what, ours, theirs: of('pool'), unit: 'µs', against: 'undici Pool', budget: 1.8 },
      { what, ours, theirs: of('auth0'), unit: 'µs', against: 'auth0', budget: 0.15 },
      latency('p99 of a request, 50 in flight', 'p99', 2),
      latency('p50 of a request, alone', 'p50', 1.3),
    ]
  } finally {
    server.kill()
  }
}
