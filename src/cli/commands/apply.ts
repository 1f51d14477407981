import {
  appliesNothing,
  checkDrift,
  checkTenant,
  DecisionError,
  type PlanFile,
  requireSecrets,
  runbookOf,
} from '../../run/index.ts'
import { readPlanFile } from '../../runbook/index.ts'
import { type Conversation, PAGES, runningCommand, runOnTargets } from '../runbook/index.ts'

/** `tenantlab apply plan.json`: exactly the writes of a plan file, unless the tenant is another or has drifted. */
export const applyCommand = runningCommand('apply', PAGES.apply, async ({ file: path, values }, output) => {
  const file = readPlanFile(path)
  const { exitCode } = await runOnTargets(runbookOf(file, output.redactor), values, {
    mode: 'apply',
    output,
    planFile: file.hash,
    async before(session, talk) {
      checkTenant(file, session)
      if (values.resume !== true) {
        requireSecrets(file, process.env)
        await checkDrift(file, session, output.redactor)
      }
      if (values.yes !== true && !appliesNothing(file)) await confirmTenant(file, talk)
    },
  })
  return exitCode
})

async function confirmTenant({ tenant, runbook, steps }: PlanFile, talk: Conversation): Promise<void> {
  if (!talk.attended) {
    throw new DecisionError(
      tenant,
      `Nobody can be asked whether to change ${tenant}. Nothing was sent. Run it on a terminal, or with --yes.`,
    )
  }
  const writes = steps.filter((step) => step.effect === 'write' && step.unchanged !== true).length
  const what = `${writes} ${writes === 1 ? 'write' : 'writes'} of ${runbook}`
  const typed = await talk.line(tenant, `This sends ${what} to ${tenant}. Type the name of the tenant to go on: `)
  if (typed !== tenant) throw new DecisionError(tenant, `"${typed}" is not ${tenant}. Nothing was sent.`)
}
