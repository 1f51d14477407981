import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { doneWhen, waitFor } from '../../src/run/index.ts'
import { defineRunbook, describePlan, readPlanFile } from '../../src/runbook/index.ts'
import { planLab } from '../run/plan-file-lab.ts'

const lab = planLab('show')

const many = defineRunbook({
  name: 'many',
  async *steps({ auth0, step }) {
    const id = String(lab.tenant.seed.clients[1]?.client_id)
    const found = yield* step('read', auth0.clients(id).get())
    const job = yield* step('create job', auth0.clients.create({ name: 'Job' }), {
      doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Job' }),
      undo: ({ result }) => auth0.clients(result.client_id ?? '').delete(),
    })
    yield* step('create role', auth0.roles.create({ name: 'Reader' }))
    yield* step('wait', waitFor(5_400_000))
    yield* step('describe', auth0.clients(job.client_id ?? '').update({ description: 'Runs at night' }), {
      confirm: 'Describe it?',
      undo: ({ before }) => auth0.clients(job.client_id ?? '').update({ description: before?.description ?? '' }),
    })
    yield* step('same', auth0.clients(id).update({ name: found.name ?? '' }))
    yield* step('delete role', auth0.roles(String(lab.tenant.seed.roles[0]?.id)).delete())
    yield* step('rotate', auth0.clients(id).rotateSecret())
    yield* step('look', auth0.clients(job.client_id ?? '').get())
  },
})

it('shows a plan as a reviewer reads it: counts first, then each step with its hash, its changes and what surrounds it', async () => {
  const file = await lab.plan(many as never)
  const id = String(lab.tenant.seed.clients[1]?.client_id)
  const text = describePlan(file, {}).map((line) => line.replaceAll(id, 'ID'))
  expect(text.slice(0, 3)).toEqual([`many on ${lab.tenant.domain}`, 'planned 1970-01-01T00:00:00.000Z by x', file.hash])
  expect(text).toContain('2 to create, 1 to change, 1 to delete, 1 whose effect is not known, 1 without change, 1 wait')
  const hashOf = (step: string) => `    ${(file.steps.find((each) => each.id === step) as { hash: string }).hash}`
  const block = (first: string) => {
    const from = text.indexOf(first)
    return text.slice(from, text.indexOf('', from))
  }
  expect(block('+ create job: POST /api/v2/clients')).toEqual([
    '+ create job: POST /api/v2/clients',
    hashOf('create job'),
    '    + name: "Job"',
    '    + client_id: "{{create job.client_id}}"',
    '    undo: DELETE /api/v2/clients/{{create job.client_id}}',
    '    done when: GET /api/v2/clients has {"name":"Job"}',
  ])
  expect(text).toContain('… wait: wait 1 h 30 min')
  expect(block('~ describe: PATCH /api/v2/clients/{{create job.client_id}}')).toEqual([
    '~ describe: PATCH /api/v2/clients/{{create job.client_id}}',
    hashOf('describe'),
    '    + description: "Runs at night"',
    '    undo: PATCH /api/v2/clients/{{create job.client_id}}',
    '    asks: Describe it?',
  ])
  expect(block('= same: PATCH /api/v2/clients/ID')).toEqual([
    '= same: PATCH /api/v2/clients/ID',
    hashOf('same'),
    '    changes nothing, and is not sent',
  ])
  expect(text).toContain('? rotate: POST /api/v2/clients/ID/rotate-secret')
  expect(text).toContain('< look: GET /api/v2/clients/{{create job.client_id}}')
  expect(text).not.toContain('< read: GET /api/v2/clients/ID')
  expect(text).toContain('based on 2 reads, made again by apply:')
  expect(text).toContain('    GET /api/v2/clients/ID (read, same)')
})

it('says of a plan without a change why it is one', async () => {
  const reading = defineRunbook({
    name: 'reading',
    async *steps({ auth0, step }) {
      yield* step('read', auth0.clients.list({}).all(), { volatile: true })
    },
  })
  expect(describePlan(await lab.plan(reading as never), {})).toContain('No change: no write is planned.')
})

it('refuses files that are no plan files, and those of another version, in a sentence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'show-'))
  const path = join(folder, 'plan.json')
  try {
    for (const [content, rule] of [
      ['{', /cannot be read as a plan file/],
      ['{"format":"other"}', /is not a plan file\. Give the file/],
      ['{"format":"tenantlab-plan","version":1}', /version 1, and this release reads version 3.*Plan again\./],
    ] as const) {
      writeFileSync(path, content)
      expect(() => readPlanFile(path)).toThrow(rule)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('R49 names the steps whose checks a plan file cannot hold, and why', async () => {
  const checked = defineRunbook({
    name: 'checked',
    async *steps({ auth0, step }) {
      const clients = () => auth0.clients.list({}).all()
      yield* step('by function', auth0.clients.create({ name: 'A' }), {
        doneWhen: doneWhen(clients(), (found) => found.find(({ name }) => name === 'A')),
      })
      yield* step('by members', auth0.clients.create({ name: 'B' }), { doneWhen: doneWhen(clients(), { name: 'B' }) })
      const first = String(lab.tenant.seed.clients[1]?.client_id)
      yield* step('found by function', auth0.clients(first).update({ description: 'x' }), {
        doneWhen: doneWhen(auth0.clients(first).get(), (client) =>
          client.description === 'never' ? client : undefined,
        ),
      })
      yield* step('without', auth0.roles.create({ name: 'R' }))
    },
  })
  const file = await lab.plan(checked as never)
  const text = describePlan(file, {}).join('\n')
  expect(text).toMatch(/by function: POST[\s\S]*done when: a function of the runbook, which this file cannot hold/)
  expect(text).toContain('Not in this file: the checks of by function, found by function.')
  const plain = file.steps.filter((step) => step.effect !== 'wait' && step.checkLost === undefined).map(({ id }) => id)
  expect(plain).toEqual(['by members', 'without'])
})
