import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { bodyOf, collection, isoNow, newUuid, objectOf, objectsOf, parameter, pick, stringOf } from '../records.ts'
import { shownAction } from './actions.ts'

const ACTIONS = '/api/v2/actions/actions'

function triggerOf(call: ManagementCall): string {
  const id = parameter(call, 'triggerId')
  if (!collection(call.tenant, '/api/v2/actions/triggers').has(id)) refuse(404, 'The trigger does not exist.')
  return id
}

function pathOf(trigger: string): string {
  return `/api/v2/actions/triggers/${trigger}/bindings`
}

/** What a binding shows of its action. */
const OF_ACTION = [
  'id',
  'name',
  'supported_triggers',
  'created_at',
  'updated_at',
  'current_version',
  'deployed_version',
]

/** A binding with its action as that stands now. */
function shown(call: ManagementCall, binding: JsonObject): JsonObject {
  const id = stringOf(objectOf(binding['action'])?.['id']) ?? ''
  const action = collection(call.tenant, ACTIONS).get(id)
  if (action === undefined) return binding
  const part = pick(shownAction(call, action), ...OF_ACTION)
  // Bindings never say of an action that all is deployed.
  return { ...binding, action: { ...part, all_changes_deployed: false } }
}

const list: ManagementHandler = (call) => {
  const held = objectsOf(call.tenant.tables.documents.get(pathOf(triggerOf(call)))?.['bindings'])
  const show = (binding: JsonObject): JsonObject => shown(call, binding)
  return page(call, held, { key: 'bindings', offset: { usual: 20 }, always: 'sparse-page', show })
}

/** PATCH sets the bindings of a trigger whole, in their order. Each names a deployed action by id or by name. */
const update: ManagementHandler = (call) => {
  const trigger = triggerOf(call)
  const actions = [...collection(call.tenant, ACTIONS).values()]
  const now = isoNow(call.tenant)
  const bindings = objectsOf(bodyOf(call)['bindings']).map((binding): JsonObject => {
    const { type, value } = objectOf(binding['ref']) ?? {}
    const action = actions.find((each) => (type === 'action_name' ? each.name : each.id) === value)
    if (action === undefined) return refuse(404, `The action ${String(value)} does not exist.`)
    if (action.$deployed === undefined)
      return refuse(400, `The action ${String(action.name)} must be deployed before it is bound.`, 'invalid_body')
    if (!objectsOf(action.supported_triggers).some(({ id }) => id === trigger))
      return refuse(400, `The action ${String(action.name)} does not support ${trigger}.`, 'invalid_body')
    return {
      id: newUuid(call.tenant),
      trigger_id: trigger,
      display_name: binding['display_name'] ?? action.name ?? '',
      action: { id: action.id ?? '' },
      created_at: now,
      updated_at: now,
    }
  })
  call.tenant.tables.documents.set(pathOf(trigger), { bindings })
  return reply(200, { bindings: bindings.map((binding) => shown(call, binding)) })
}

export const triggerHandlers: Readonly<Record<string, ManagementHandler>> = {
  'actions.triggers.bindings.list': list,
  'actions.triggers.bindings.updateMany': update,
}
