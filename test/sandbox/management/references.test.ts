// T16 of the list of faults: what a body refers to has to be there, in the members of its lists too.
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/plan/index.ts'
import { type Bench, bench } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

const TRIGGER = { id: 'post-login', version: 'v3' }

async function made(id: string, body: JsonObject): Promise<string> {
  return (await b.call(id, { body })).body.id
}

describe('T16: what a body refers to has to be there', () => {
  it.each<[string, JsonObject]>([
    ['agents.create', { name: 'a', client_id: 'nobody' }],
    ['roles.create', { name: 'a', type: 'organization', owner_id: 'org_nothing' }],
    ['actions.create', { name: 'a', supported_triggers: [TRIGGER], modules: [{ module_id: 'none' }] }],
    ['experimentation.experiments.create', { name: 'a', feature_flag_id: 'flg_none', allocations: [] }],
  ])('%s %j', async (id, body) => {
    const answer = await b.call(id, { body })
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(/does not exist/) } })
  })

  it('looks into every member of a list', async () => {
    const flag = await made('experimentation.featureFlags.create', { name: 'flag' })
    const segment = await made('experimentation.segments.create', { name: 'all', rules: [] })
    const body = (...segments: string[]) => ({
      name: 'one',
      feature_flag_id: flag,
      allocations: segments.map((segment_id) => ({ segment_id })),
    })
    const refused = await b.call('experimentation.experiments.create', { body: body(segment, 'seg_none') })
    expect(refused.body.message).toBe('The segment seg_none does not exist.')
    const taken = await b.call('experimentation.experiments.create', { body: body(segment, segment) })
    expect(taken.status).toBe(201)
    const params = { id: taken.body.id }
    const changed = await b.call('experimentation.experiments.update', { params, body: body('seg_other') })
    expect(changed.status).toBe(400)
  })

  it('knows a module by its id and by its version', async () => {
    const module = await b.call('actions.modules.create', { body: { name: 'm', code: '1', publish: true } })
    const id = await made('actions.create', { name: 'a', supported_triggers: [TRIGGER] })
    const change = async (entry: JsonObject) =>
      await b.call('actions.update', { params: { id }, body: { modules: [{ module_id: module.body.id, ...entry }] } })
    expect((await change({ module_version_id: 'none' })).body.message).toBe('The module version none does not exist.')
    expect((await change({ module_id: 'none' })).body.message).toBe('The module none does not exist.')
    const { latest_version } = (await b.call('actions.modules.get', { params: { id: module.body.id } })).body
    const kept = await change({ module_version_id: latest_version.id })
    expect(kept.body.modules[0]).toMatchObject({ module_name: 'm', module_version_number: 1 })
  })

  it('takes a role of an organization that is there', async () => {
    const body = { name: 'a', type: 'organization', owner_id: b.organization }
    expect(await b.call('roles.create', { body })).toMatchObject({ status: 200, body })
  })
})
