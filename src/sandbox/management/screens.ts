import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { reply } from './answer.ts'
import { screenDefaults } from './generic/index.ts'
import { page } from './paging.ts'
import { project } from './projection.ts'
import { assign, bodyOf, objectsOf, without } from './records.ts'

const PATH = /^\/api\/v2\/prompts\/([^/]+)\/screen\/([^/]+)\/rendering$/

/** Screens that were given a rendering of their own. */
function changedScreens(call: ManagementCall): readonly JsonObject[] {
  return [...call.tenant.tables.documents].flatMap(([path, document]) => {
    const [, prompt, screen] = PATH.exec(path) ?? []
    return prompt === undefined || screen === undefined ? [] : [{ ...document, prompt, screen }]
  })
}

const list: ManagementHandler = (call) => {
  const { prompt, rendering_mode: mode, screen } = call.query
  const found = changedScreens(call)
    .filter((each) => prompt === undefined || each['prompt'] === prompt)
    .filter((each) => screen === undefined || each['screen'] === screen)
    .filter((each) => mode === undefined || each['rendering_mode'] === mode)
  return page(call, found, { key: 'configs', offset: { least: 0 }, show: (each) => project(call, each) })
}

/** PATCH /prompts/rendering changes several screens at once. */
const bulkUpdate: ManagementHandler = (call) => {
  const { documents } = call.tenant.tables
  const configs = objectsOf(bodyOf(call)['configs'])
  for (const config of configs) {
    const [prompt, screen] = [String(config['prompt']), String(config['screen'])]
    const path = `/api/v2/prompts/${prompt}/screen/${screen}/rendering`
    const before = documents.get(path) ?? screenDefaults(call.tenant, prompt, screen)
    documents.set(path, assign(before, without(config, 'prompt', 'screen')))
  }
  return reply(200, { configs })
}

export const screenHandlers: Readonly<Record<string, ManagementHandler>> = {
  'prompts.rendering.list': list,
  'prompts.rendering.bulkUpdate': bulkUpdate,
}
