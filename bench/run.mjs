// Measures the budgets of the design beside the auth0 SDK, in the same run, and exits 1 on a miss.

import { cellTimes } from './cells.mjs'
import { completionTimes } from './completion.mjs'
import { cpuPerRequest } from './cpu.mjs'
import { importTime } from './import.mjs'
import { manyUpdates } from './many.mjs'
import { tenantFigures } from './tenant.mjs'

const only = process.argv.slice(2)
const benches = {
  import: importTime,
  cpu: cpuPerRequest,
  cells: cellTimes,
  completion: completionTimes,
  many: manyUpdates,
  tenant: tenantFigures,
}
const unknown = only.filter((name) => benches[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

const rows = []
for (const [name, measure] of Object.entries(benches)) {
  if (only.length > 0 && !only.includes(name)) continue
  rows.push(...(await measure()))
}

const columns = ['what', 'ours', 'theirs', 'ratio', 'budget', 'verdict']
// A row has the most or, of rates, the least that its ratio may be; or the most that ours may be by itself.
const table = rows.map(({ what, ours, theirs, unit, against, budget, least, most }) => {
  const ratio = theirs === undefined ? undefined : ours / theirs
  const held = most !== undefined ? ours <= most : least !== undefined ? ratio >= least : ratio <= budget
  const figure = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`
  return {
    what,
    ours: figure(ours),
    theirs: theirs === undefined ? '' : `${figure(theirs)} (${against})`,
    ratio: ratio?.toFixed(3) ?? '',
    budget: most !== undefined ? `≤ ${most} ${unit}` : least !== undefined ? `≥ ${least}` : `≤ ${budget}`,
    verdict: held ? 'held' : 'MISSED',
  }
})
const widths = columns.map((column) => Math.max(column.length, ...table.map((row) => row[column].length)))
const line = (cells) => cells.map((cell, index) => cell.padEnd(widths[index])).join('  ')
console.log(`Node ${process.version}, medians of interleaved processes`)
console.log(line(columns))
for (const row of table) console.log(line(columns.map((column) => row[column])))
process.exitCode = table.every((row) => row.verdict === 'held') ? 0 : 1
