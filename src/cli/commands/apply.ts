import {
  appliesNothing,
  checkDrift,
  checkTenant,
  DriftError,
  type PlanFile,
  requireSecrets,
  runbookOf,
} from '../../run/index.ts'
import { readPlanFile, refuseEarlierApply } from '../../runbook/index.ts'
import { confirmTenant, otherTenant, runOnTargets, telling } from '../runbook/index.ts'
import { CONNECTION, type Command, JOURNAL, OUTPUT, openNamed, RESUME, SETTLE } from '../words/index.ts'

/** `tenantlab apply plan.json`: exactly the writes of a plan file, unless the tenant is another or has drifted. */
export const command: Command = {
  usage: 'PLAN [--yes] [OPTION …]',
  about:
    'Reads again what the plan is based on, and sends nothing when it differs, or when the tenant is another. On a ' +
    "terminal it asks for the tenant's name; elsewhere it needs --yes. Secrets come from TENANTLAB_SECRET_… variables.",
  takes: [{ name: 'PLAN' }],
  options: {
    yes: { type: 'boolean', help: "asks neither for the tenant's name nor for confirmations" },
    ...RESUME,
    ...SETTLE,
    ...JOURNAL,
    ...OUTPUT,
    ...CONNECTION,
  },
  exits: [0, 1, 3, 4, 64],
  examples: ['tenantlab apply plan.json', 'tenantlab apply plan.json --yes --json'],
  run: (call) =>
    telling(call, async (output) => {
      const {
        words: [path = ''],
        values,
      } = call.read()
      const file = openNamed(path, () => readPlanFile(path))
      const runbook = runbookOf(file, output.redactor)
      const { exitCode } = await runOnTargets(runbook, values, {
        mode: 'apply',
        output,
        planFile: file.hash,
        async before(session, talk, journal) {
          checkTenant(file, session)
          if (values.resume !== true) {
            requireSecrets(file, process.env)
            try {
              await checkDrift(file, session, output.redactor, otherTenant)
            } catch (error) {
              if (error instanceof DriftError && journal !== undefined && values.again !== true)
                refuseEarlierApply(journal, runbook, session)
              throw error
            }
          }
          if (values.yes !== true && !appliesNothing(file)) await confirmTenant(file.tenant, writesOf(file), talk)
        },
      })
      return exitCode
    }),
}

function writesOf({ runbook, steps }: PlanFile): string {
  const writes = steps.filter((step) => step.effect === 'write' && step.unchanged !== true).length
  return `${writes} ${writes === 1 ? 'write' : 'writes'} of ${runbook}`
}
