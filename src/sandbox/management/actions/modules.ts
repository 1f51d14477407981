import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Action, ActionModule, ModuleVersion, Table } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import {
  assign,
  bodyOf,
  collection,
  isoNow,
  newUuid,
  objectsOf,
  parameter,
  pick,
  publicRecord,
  stringOf,
  without,
} from '../records.ts'
import { namedSecrets, shownSecrets } from './secrets.ts'

const MODULES = '/api/v2/actions/modules'
const paging = { offset: { usual: 50 }, always: 'page' } as const

function modulesOf(call: ManagementCall): Table<ActionModule> {
  return collection(call.tenant, MODULES)
}

function moduleOf(call: ManagementCall): ActionModule {
  return modulesOf(call).get(parameter(call, 'id')) ?? refuse(404, 'The module does not exist.')
}

function versionsOf(call: ManagementCall, module: ActionModule): Table<ModuleVersion> {
  return collection(call.tenant, `${MODULES}/${String(module.id)}/versions`)
}

/** Actions that name a module. */
function usersOf(call: ManagementCall, module: ActionModule): readonly Action[] {
  return [...collection(call.tenant, '/api/v2/actions/actions').values()].filter((action) =>
    objectsOf(action.modules).some((each) => each['module_id'] === module.id),
  )
}

function shown(call: ManagementCall, module: ActionModule): JsonObject {
  const latest = [...versionsOf(call, module).values()].at(-1)
  return {
    ...publicRecord(module),
    secrets: shownSecrets(module.secrets),
    actions_using_module_total: usersOf(call, module).length,
    ...(latest === undefined ? {} : { latest_version: without(shownVersion(latest), 'module_id') }),
  }
}

function shownVersion(version: ModuleVersion): JsonObject {
  return { ...publicRecord(version), secrets: shownSecrets(version.secrets) }
}

function publish(call: ManagementCall, module: ActionModule): ModuleVersion {
  const versions = versionsOf(call, module)
  const id = newUuid(call.tenant)
  const version: ModuleVersion = {
    id,
    module_id: module.id ?? '',
    version_number: versions.size + 1,
    ...pick(module, 'code', 'secrets', 'dependencies'),
    created_at: isoNow(call.tenant),
  }
  versions.set(id, version)
  modulesOf(call).set(String(module.id), { ...module, all_changes_published: true })
  return version
}

/** POST /actions/modules; `publish: true` makes the first version at once. */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  if ([...modulesOf(call).values()].some((each) => each.name === body['name']))
    refuse(409, 'A module with the same name already exists.')
  const now = isoNow(call.tenant)
  const id = newUuid(call.tenant)
  const module: ActionModule = {
    id,
    name: String(body['name']),
    dependencies: [],
    all_changes_published: false,
    ...assign({}, without(body, 'publish')),
    secrets: namedSecrets(body['secrets'], now),
    created_at: now,
    updated_at: now,
  }
  modulesOf(call).set(id, module)
  if (body['publish'] === true) publish(call, module)
  return reply(201, shown(call, modulesOf(call).get(id) ?? module))
}

const update: ManagementHandler = (call) => {
  const module = moduleOf(call)
  const body = bodyOf(call)
  const now = isoNow(call.tenant)
  const changed: ActionModule = {
    ...assign(module, body),
    ...(body['secrets'] === undefined ? {} : { secrets: namedSecrets(body['secrets'], now, module.secrets) }),
    all_changes_published: false,
    updated_at: now,
  }
  modulesOf(call).set(String(module.id), changed)
  return reply(200, shown(call, changed))
}

/** DELETE answers 412 while an action uses the module. */
const remove: ManagementHandler = (call) => {
  const module = moduleOf(call)
  if (usersOf(call, module).length > 0) refuse(412, 'The module is used by an action.')
  modulesOf(call).remove(String(module.id))
  call.tenant.tables.others.delete(`${MODULES}/${String(module.id)}/versions`)
  return reply(204)
}

const list: ManagementHandler = (call) => {
  const show = (module: ActionModule): JsonObject => without(shown(call, module), 'latest_version')
  return page(call, [...modulesOf(call).values()], { key: 'modules', ...paging, show })
}

const listActions: ManagementHandler = (call) => {
  const module = moduleOf(call)
  const show = (action: Action): JsonObject => {
    const used = objectsOf(action.modules).find((each) => each['module_id'] === module.id)
    return {
      action_id: action.id ?? '',
      action_name: action.name ?? '',
      ...pick(used ?? {}, 'module_version_id', 'module_version_number'),
      supported_triggers: action.supported_triggers ?? [],
    }
  }
  return page(call, usersOf(call, module), { key: 'actions', offset: { usual: 50 }, always: 'sparse-page', show })
}

const listVersions: ManagementHandler = (call) => {
  const versions = [...versionsOf(call, moduleOf(call)).values()].reverse()
  return page(call, versions, { key: 'versions', ...paging, show: shownVersion })
}

function versionOf(call: ManagementCall, module: ActionModule, id: string): ModuleVersion {
  return versionsOf(call, module).get(id) ?? refuse(404, 'The module version does not exist.')
}

/** POST …/rollback puts the code of an older version back into the draft. */
const rollback: ManagementHandler = (call) => {
  const module = moduleOf(call)
  const version = versionOf(call, module, stringOf(bodyOf(call)['module_version_id']) ?? '')
  const changed = { ...module, ...pick(version, 'code', 'secrets', 'dependencies'), updated_at: isoNow(call.tenant) }
  modulesOf(call).set(String(module.id), changed)
  return reply(200, shown(call, changed))
}

export const moduleHandlers: Readonly<Record<string, ManagementHandler>> = {
  'actions.modules.list': list,
  'actions.modules.create': create,
  'actions.modules.get': (call) => reply(200, shown(call, moduleOf(call))),
  'actions.modules.update': update,
  'actions.modules.delete': remove,
  'actions.modules.listActions': listActions,
  'actions.modules.rollback': rollback,
  'actions.modules.versions.list': listVersions,
  'actions.modules.versions.create': (call) => reply(200, shownVersion(publish(call, moduleOf(call)))),
  'actions.modules.versions.get': (call) =>
    reply(200, shownVersion(versionOf(call, moduleOf(call), parameter(call, 'versionId')))),
}
