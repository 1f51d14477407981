import { changeLine, readPlanFile } from '../../runbook/index.ts'
import { fileCommand, PAGES } from '../runbook/index.ts'

/** `tenantlab show plan.json`: what a plan file would do. Sends nothing. */
export const showCommand = fileCommand('show', PAGES.show, async ({ file: path, values, write }) => {
  const plan = readPlanFile(path)
  if (values.json === true) {
    write(JSON.stringify(plan, undefined, 2))
    return 0
  }
  const writes = plan.steps.filter(({ effect }) => effect !== 'read')
  write(`${plan.runbook} on ${plan.tenant}, planned ${plan.at} by ${plan.who}`)
  if (plan.params !== undefined) write(`parameters ${JSON.stringify(plan.params)}`)
  write(plan.hash)
  for (const { id, route, hash, reason, changes = [], undo = [], waits = [] } of writes) {
    for (const wait of waits) write(`\n${wait.id}: ${wait.ms / 1000} s`)
    write(`\n${id}: ${route ?? ''}\n    ${hash}`)
    if (reason !== undefined) write(`    ? ${reason}`)
    for (const change of changes) write(`    ${changeLine(change)}`)
    if (undo.length > 0) write(`    undo: ${undo.map(({ op }) => op).join(', ')}`)
  }
  write(
    `\n${writes.length} ${writes.length === 1 ? 'write' : 'writes'}, based on ${plan.steps.filter(({ basis }) => basis).length} reads`,
  )
  return 0
})
