import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { reply } from './answer.ts'
import { screenDefaults } from './generic/index.ts'
import { page } from './paging.ts'
import { project } from './projection.ts'
import { assign, bodyOf, objectsOf, parameter, stringOf } from './records.ts'

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
  const configs = objectsOf(bodyOf(call)['configs'])
  for (const { prompt, screen, ...config } of configs) change(call, String(prompt), String(screen), config)
  return reply(200, { configs })
}

function change(call: ManagementCall, prompt: string, screen: string, config: JsonObject): void {
  const { documents } = call.tenant.tables
  const path = `/api/v2/prompts/${prompt}/screen/${screen}/rendering`
  const usual = screenDefaults(call.tenant, prompt, screen)
  documents.set(path, { ...usual, ...assign(documents.get(path) ?? usual, config) })
}

/** PATCH of one screen answers what was sent and is set now. */
const update: ManagementHandler = (call) => {
  change(call, parameter(call, 'prompt'), parameter(call, 'screen'), bodyOf(call))
  return reply(200, assign({}, bodyOf(call)))
}

/** PUT of the page template (201 for the first, 204 for later ones), as `template` or as the text itself; it is read as `body`. */
const setPageTemplate: ManagementHandler = (call) => {
  const body = stringOf(call.body) ?? bodyOf(call)['template'] ?? ''
  const { documents } = call.tenant.tables
  const isFirst = !documents.has(call.row.path)
  documents.set(call.row.path, { body })
  return isFirst ? reply(201, {}) : reply(204)
}

export const screenHandlers: Readonly<Record<string, ManagementHandler>> = {
  'prompts.rendering.list': list,
  'prompts.rendering.bulkUpdate': bulkUpdate,
  'prompts.rendering.update': update,
  'branding.templates.updateUniversalLogin': setPageTemplate,
}
