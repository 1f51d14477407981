import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { CommandFolder, profileOf } from './command.ts'
import { laggingTenant } from './tenant.ts'

const PAIR = `import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'
export default defineRunbook({
  name: 'pair',
  params: z.object({ word: z.string().default('x') }),
  async *steps({ auth0, params, step }) {
    yield* step('first', auth0.clients.create({ name: params.word + ' 1' }))
    yield* step('second', auth0.clients.create({ name: params.word + ' 2' }))
  },
})
`

let tenant: Sandbox
let other: Sandbox
let place: CommandFolder
beforeAll(async () => {
  ;[tenant, other] = await Promise.all([laggingTenant({ seed: 'known runs' }), laggingTenant({ seed: 'other' })])
  const profiles = { lab: profileOf(tenant), same: profileOf(tenant), other: profileOf(other) }
  place = new CommandFolder(profiles, await Promise.all([tenant.ca(), other.ca()]), 'kill-at.mjs')
  for (const name of ['a', 'b']) {
    mkdirSync(join(place.path, name))
    writeFileSync(join(place.path, name, 'pair.ts'), PAIR)
  }
})
beforeEach(() => {
  tenant.reset()
  other.reset()
  place.clear(['a', 'b'])
})
afterAll(async () => {
  place.end()
  await Promise.all([tenant.close(), other.close()])
})

/** `tenantlab` in a folder of its own. */
const inFolder = (name: string, words: string, more: NodeJS.ProcessEnv = {}) =>
  place.tenantlab(words.split(' '), { NO_COLOR: '1', ...more }, join(place.path, name))
const created = (at: Sandbox = tenant) =>
  at.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients').length

describe('R26 R6 the command does a thing once, wherever it is called', () => {
  it('after a kill: neither apply with another journal, nor a copy of the plan, nor run, sends again', async () => {
    expect(await inFolder('a', 'plan pair.ts --profile lab -o plan.json --force')).toMatchObject({ code: 0 })
    const apply = 'apply plan.json --profile lab --yes'
    const killed = await inFolder('a', `${apply} --journal one.jsonl`, { KILL_AT: 'before:answer first' })
    expect(killed.code).toBe('SIGKILL')
    const sent = created()
    const again = await inFolder('a', `${apply} --journal two.jsonl`)
    expect(again).toMatchObject({ code: 3, err: expect.stringMatching(/--resume --journal \S+one\.jsonl/) })
    copyFileSync(join(place.path, 'a', 'plan.json'), join(place.path, 'b', 'copy.json'))
    expect(await inFolder('b', 'apply copy.json --profile same --yes')).toMatchObject({ code: 3 })
    const run = await inFolder('b', 'run pair.ts --profile lab --journal three.jsonl')
    expect(run).toMatchObject({ code: 3, err: expect.stringMatching(/An apply of "pair" .* not finished/) })
    expect(created()).toBe(sent)
    // Nobody knows what became of the first write: a person says so, from the other folder.
    const resumed = await inFolder('b', 'apply copy.json --profile lab --yes --resume --assume-lost first')
    expect(resumed, resumed.err).toMatchObject({ code: 0 })
    expect(await inFolder('b', apply.replace('plan', 'copy'))).toMatchObject({
      code: 3,
      err: expect.stringMatching(/was applied on .* --again/),
    })
  })

  it('says so as well where the plan has read what the apply changed, and does not advise to plan again', async () => {
    writeFileSync(
      join(place.path, 'a', 'reads.ts'),
      PAIR.replace("name: 'pair'", "name: 'reads'").replace(
        "    yield* step('first'",
        "    yield* step('read', auth0.clients.list().all())\n    yield* step('first'",
      ),
    )
    expect(await inFolder('a', 'plan reads.ts --profile lab -o reads.json')).toMatchObject({ code: 0 })
    const apply = 'apply reads.json --profile lab --yes'
    const killed = await inFolder('a', `${apply} --journal six.jsonl`, { KILL_AT: 'before:begun second' })
    expect(killed.code).toBe('SIGKILL')
    const again = await inFolder('a', `${apply} --journal seven.jsonl`)
    expect(again).toMatchObject({ code: 3, err: expect.stringMatching(/--resume --journal \S+six\.jsonl/) })
    expect(again.err).not.toContain('Plan again')
    expect(await inFolder('a', `${apply} --resume --journal six.jsonl`)).toMatchObject({ code: 0 })
    expect(await inFolder('a', apply)).toMatchObject({ code: 3, err: expect.stringMatching(/was applied on .*six/) })
    expect(created()).toBe(2)
  })

  it('lets one of two runs at once go on that have journals of their own', async () => {
    tenant.faults.add({ kind: 'slow', delay: 3000, match: { method: 'POST', path: '/api/v2/clients' }, times: 1 })
    const ended = await Promise.all([
      inFolder('a', 'run pair.ts --profile lab --journal four.jsonl'),
      inFolder('b', 'run pair.ts --profile same --journal five.jsonl'),
    ])
    expect(created(), ended.map(({ out, err }) => out + err).join('\n')).toBe(2)
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 3])
  })

  it('goes on from another folder with the tenant that has not finished, and leaves the other alone', async () => {
    other.faults.add({ kind: 'status', status: 400, match: { method: 'POST', path: '/api/v2/clients' }, times: 1 })
    const both = 'run pair.ts --tenant lab --tenant other'
    expect(await inFolder('a', both)).toMatchObject({ code: 1 })
    const resumed = await inFolder('b', `${both} --resume`)
    expect(resumed, resumed.err).toMatchObject({ code: 0 })
    expect([created(), created(other) - 1]).toEqual([2, 2])
  })

  it('says once that it cannot keep what it has run, and runs', async () => {
    const none = { XDG_STATE_HOME: join(place.path, 'ca.pem') }
    const ended = await inFolder('a', 'run pair.ts --tenant lab --tenant other', none)
    expect(ended).toMatchObject({ code: 0 })
    expect((ended.out + ended.err).match(/What this user has run cannot be kept/g)).toHaveLength(1)
    expect(existsSync(join(place.path, 'tenantlab', 'runs'))).toBe(false)
  })
})
