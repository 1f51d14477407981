import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { refuse, reply } from './answer.ts'
import { bodyOf, collection, isoNow, numberOf, parameter } from './records.ts'

const PATH = '/api/v2/experimentation/experiments'

function experimentOf(call: ManagementCall): JsonObject {
  return collection(call.tenant, PATH).get(parameter(call, 'id')) ?? refuse(404, 'The experiment does not exist.')
}

/** POST …/validate: an experiment needs what its schema asks for, and that was checked when it was stored. */
const validate: ManagementHandler = (call) => {
  experimentOf(call)
  return reply(200, { is_valid: true, errors: [] })
}

/** POST …/advance-ramp takes an experiment to a further level of its ramp. */
const advance: ManagementHandler = (call) => {
  const experiment = experimentOf(call)
  const from = numberOf(experiment['$level']) ?? 0
  const to = numberOf(bodyOf(call)['target_level']) ?? from + 1
  if (to <= from) refuse(400, `The experiment is at level ${from} already.`, 'invalid_body')
  const id = String(experiment['id'])
  collection(call.tenant, PATH).set(id, { ...experiment, $level: to, updated_at: isoNow(call.tenant) })
  return reply(200, { experiment_id: id, from_level: from, to_level: to, current_level: to })
}

export const experimentHandlers: Readonly<Record<string, ManagementHandler>> = {
  'experimentation.experiments.validate': validate,
  'experimentation.experiments.advanceRamp': advance,
}
