import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Action, ActionVersion, ModuleVersion, Table } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import {
  assign,
  bodyOf,
  collection,
  compact,
  isoNow,
  newUuid,
  objectOf,
  objectsOf,
  parameter,
  pick,
  publicRecord,
  stringOf,
  without,
} from '../records.ts'
import { namedSecrets, shownSecrets } from './secrets.ts'

const ACTIONS = '/api/v2/actions/actions'
const MODULES = '/api/v2/actions/modules'
const paging = { offset: { usual: 20 }, always: 'page' } as const
/** Actions, bindings and users of modules leave zeros out of their pages. */
const sparse = { offset: { usual: 20 }, always: 'sparse-page' } as const

function actionsOf(call: ManagementCall): Table<Action> {
  return collection(call.tenant, ACTIONS)
}

function actionOf(call: ManagementCall, name = 'id'): Action {
  return actionsOf(call).get(parameter(call, name)) ?? refuse(404, 'That action does not exist.')
}

function versionsOf(call: ManagementCall, action: string): Table<ActionVersion> {
  return collection(call.tenant, `${ACTIONS}/${action}/versions`)
}

/** An action as it is shown: secrets by name alone, and its versions as objects. */
export function shownAction(call: ManagementCall, action: Action): JsonObject {
  const deployed = versionsOf(call, String(action.id)).get(stringOf(action.$deployed) ?? '')
  const versions: JsonObject =
    deployed === undefined
      ? {}
      : {
          current_version: {
            ...pick(deployed, 'id', 'code', 'runtime', 'number', 'created_at', 'updated_at'),
            build_time: deployed.built_at ?? '',
            status: 'BUILT',
          },
          deployed_version: shownVersion(deployed),
        }
  return { ...publicRecord(action), secrets: shownSecrets(action.secrets), ...versions }
}

function shownVersion(version: ActionVersion): JsonObject {
  return { ...publicRecord(version), secrets: shownSecrets(version.secrets) }
}

/** A version as its own operations show it: with the action that it belongs to. */
function versionWithAction(_call: ManagementCall, version: ActionVersion, action: Action): JsonObject {
  const owner = pick(action, 'id', 'name', 'supported_triggers', 'created_at', 'updated_at', 'all_changes_deployed')
  return { ...shownVersion(version), action: owner }
}

function checkTriggers(call: ManagementCall, body: JsonObject): void {
  const known = collection(call.tenant, '/api/v2/actions/triggers')
  for (const trigger of objectsOf(body['supported_triggers'])) {
    const id = stringOf(trigger['id']) ?? ''
    if (!known.has(id)) refuse(400, `The trigger ${id} does not exist.`, 'invalid_body')
  }
}

/** Modules of an action with their names and the numbers of their versions. */
function namedModules(call: ManagementCall, body: JsonObject): JsonObject {
  if (body['modules'] === undefined) return {}
  const modules = collection(call.tenant, MODULES)
  const named = objectsOf(body['modules']).map((each) => {
    const id = stringOf(each['module_id']) ?? ''
    const module = modules.get(id) ?? refuse(400, `The module ${id} does not exist.`, 'invalid_body')
    const versions = collection<ModuleVersion>(call.tenant, `${MODULES}/${id}/versions`)
    const wanted = stringOf(each['module_version_id'])
    const version = wanted === undefined ? undefined : versions.get(wanted)
    if (wanted !== undefined && version === undefined)
      refuse(400, `The module version ${wanted} does not exist.`, 'invalid_body')
    return compact({ ...each, module_name: module.name, module_version_number: version?.version_number })
  })
  return { modules: named }
}

/** Makes a version of what an action says now, and deploys it. */
function deployNow(call: ManagementCall, action: Action): readonly [action: Action, version: ActionVersion] {
  const { tenant } = call
  const versions = versionsOf(call, String(action.id))
  const now = isoNow(tenant)
  const id = newUuid(tenant)
  for (const [key, each] of versions) if (each.deployed === true) versions.set(key, { ...each, deployed: false })
  const version: ActionVersion = {
    ...pick(action, 'code', 'dependencies', 'runtime', 'secrets', 'supported_triggers', 'modules'),
    id,
    deployed: true,
    number: versions.size + 1,
    status: 'built',
    built_at: now,
    created_at: now,
    updated_at: now,
  }
  versions.set(id, version)
  const deployed = { ...action, status: 'built', all_changes_deployed: true, $deployed: id }
  actionsOf(call).set(String(action.id), deployed)
  return [deployed, version]
}

/** POST /actions/actions; `deploy: true` makes and deploys the first version at once. */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  checkTriggers(call, body)
  const actions = actionsOf(call)
  if ([...actions.values()].some((each) => each.name === body['name']))
    refuse(409, 'An action with the same name already exists.')
  const now = isoNow(call.tenant)
  const id = newUuid(call.tenant)
  const action: Action = {
    id,
    name: String(body['name']),
    code: '',
    dependencies: [],
    runtime: 'node22',
    status: 'pending',
    all_changes_deployed: false,
    ...assign({}, without(body, 'deploy')),
    ...namedModules(call, body),
    secrets: namedSecrets(body['secrets'], now),
    created_at: now,
    updated_at: now,
  }
  actions.set(id, action)
  const [stored] = body['deploy'] === true ? deployNow(call, action) : [action]
  const answer = shownAction(call, stored)
  // The build of a new action ends a moment after the answer.
  if (stored === action) actions.set(id, { ...action, status: 'built' })
  return reply(201, answer)
}

const update: ManagementHandler = (call) => {
  const action = actionOf(call)
  const body = bodyOf(call)
  checkTriggers(call, body)
  const now = isoNow(call.tenant)
  const changed: Action = {
    ...assign(action, without(body, 'deploy')),
    ...namedModules(call, body),
    ...(body['secrets'] === undefined ? {} : { secrets: namedSecrets(body['secrets'], now, action.secrets) }),
    all_changes_deployed: false,
    updated_at: now,
  }
  actionsOf(call).set(String(action.id), changed)
  const [stored] = body['deploy'] === true ? deployNow(call, changed) : [changed]
  return reply(200, shownAction(call, stored))
}

const list: ManagementHandler = (call) => {
  const { actionName, deployed, installed, triggerId } = call.query
  const found = [...actionsOf(call).values()]
    .filter((each) => actionName === undefined || each.name === actionName)
    .filter((each) => deployed === undefined || String(each.$deployed !== undefined) === deployed)
    .filter((each) => installed === undefined || String(each.installed_integration_id !== undefined) === installed)
    .filter((each) => triggerId === undefined || objectsOf(each.supported_triggers).some(({ id }) => id === triggerId))
  return page(call, found, { key: 'actions', ...sparse, show: (each) => shownAction(call, each) })
}

/** DELETE refuses an action that is bound to a trigger, unless it is forced. */
const remove: ManagementHandler = (call) => {
  const id = String(actionOf(call).id)
  const { documents } = call.tenant.tables
  const bound = [...documents].filter(([path, { bindings }]) => path.endsWith('/bindings') && bindsAction(bindings, id))
  if (bound.length > 0 && call.query['force'] !== 'true')
    refuse(400, 'The action is bound to a trigger; unbind it first, or use force=true.', 'action_bound')
  for (const [path, document] of bound)
    documents.set(path, { bindings: objectsOf(document['bindings']).filter((each) => !bindsAction([each], id)) })
  actionsOf(call).remove(id)
  call.tenant.tables.others.delete(`${ACTIONS}/${id}/versions`)
  return reply(204)
}

function bindsAction(bindings: JsonObject[string] | undefined, action: string): boolean {
  return objectsOf(bindings).some((each) => objectOf(each['action'])?.['id'] === action)
}

const deploy: ManagementHandler = (call) => {
  const before = actionOf(call)
  const [, version] = deployNow(call, before)
  // The build has not ended when the answer leaves, so that nothing is deployed yet.
  const { built_at: _built, ...unbuilt } = version
  const answered: ActionVersion = { ...unbuilt, deployed: false }
  return reply(200, versionWithAction(call, answered, { ...before, all_changes_deployed: false }))
}

const listVersions: ManagementHandler = (call) => {
  const action = actionOf(call, 'actionId')
  const versions = [...versionsOf(call, String(action.id)).values()].reverse()
  return page(call, versions, { key: 'versions', ...paging, show: (each) => versionWithAction(call, each, action) })
}

function versionOf(call: ManagementCall, action: Action): ActionVersion {
  const found = versionsOf(call, String(action.id)).get(parameter(call, 'id'))
  return found ?? refuse(404, 'That version does not exist.')
}

const getVersion: ManagementHandler = (call) => {
  const action = actionOf(call, 'actionId')
  return reply(200, versionWithAction(call, versionOf(call, action), action))
}

/** POST …/versions/{id}/deploy makes a new version of an old one; the body may bring its code up to date. */
const deployVersion: ManagementHandler = (call) => {
  const action = actionOf(call, 'actionId')
  const version = versionOf(call, action)
  const source = pick(version, 'code', 'dependencies', 'runtime', 'secrets', 'supported_triggers')
  const [deployed, made] = deployNow(call, {
    ...action,
    ...source,
    ...(bodyOf(call)['update_draft'] === true ? {} : { code: version.code ?? '' }),
    updated_at: isoNow(call.tenant),
  })
  return reply(200, versionWithAction(call, made, deployed))
}

/** POST …/test: the sandbox runs no actions; the answer says what a run would have been given. */
const test: ManagementHandler = (call) => {
  actionOf(call)
  return reply(200, { payload: objectOf(bodyOf(call)['payload']) ?? {} })
}

export const actionHandlers: Readonly<Record<string, ManagementHandler>> = {
  'actions.list': list,
  'actions.create': create,
  'actions.get': (call) => reply(200, shownAction(call, actionOf(call))),
  'actions.update': update,
  'actions.delete': remove,
  'actions.deploy': deploy,
  'actions.test': test,
  'actions.versions.list': listVersions,
  'actions.versions.get': getVersion,
  'actions.versions.deploy': deployVersion,
}
