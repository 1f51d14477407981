// What it costs to open each door: the entries, and the command.
import { interleave, measure, median } from './child.mjs'

const doors = {
  tenantlab: { what: 'import tenantlab', budget: 0.12, run: () => measure('import-one.mjs', 'tenantlab') },
  sandbox: { what: 'import tenantlab/sandbox', budget: 0.3, run: () => measure('import-one.mjs', 'tenantlab/sandbox') },
  help: { what: 'tenantlab help', budget: 0.3, run: () => measure('help-one.mjs') },
  auth0: { run: () => measure('import-one.mjs', 'auth0') },
}

export async function importTime() {
  const samples = await interleave(Object.keys(doors), 11, (name) => doors[name].run())
  const of = (name) => median(samples[name].map(({ cpu }) => cpu))
  return Object.entries(doors).flatMap(([name, { what, budget }]) =>
    what === undefined ? [] : [{ what, ours: of(name), theirs: of('auth0'), unit: 'ms CPU', against: 'auth0', budget }],
  )
}
