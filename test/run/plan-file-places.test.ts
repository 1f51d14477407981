import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fill, lift } from '../../src/run/review/places.ts'
import { markersIn, markersOf, markerText, placeholder, readable } from '../../src/run/steps/placeholder.ts'
import { defineRunbook } from '../../src/runbook/index.ts'
import { planLab } from './plan-file-lab.ts'

/** Ids of steps as they may be: with dots, quotes, slashes, tildes and anything but braces. */
const id = fc
  .oneof(
    fc.constantFrom('a', 'a.b', 'a.b.c', 'create "x"', 'a/b', '~1', 'quota eu|1', '$&', '#-1-00000000'),
    fc.string({ minLength: 1, maxLength: 20 }),
  )
  .map((text) => text.replace(/[{}\n\r\t]/g, '').trim())
  .filter((text) => text !== '')
const member = fc.stringMatching(/^[A-Za-z0-9_-]{1,10}(\.[A-Za-z0-9_-]{1,10}){0,2}$/)
/** Texts of a tenant, many of which look like placeholders. */
const text = fc.oneof(
  fc.string({ maxLength: 10 }),
  fc.constantFrom(
    '{{',
    '}}',
    '{{a.b}}',
    '{{a}}',
    '{ {a} }',
    '{{{a.b}}}',
    '$after',
    '{{a.b#0123456789abcdef-1-01234567}}',
  ),
  fc.tuple(id, member).map(([step, name]) => `{{${step}.${name}}}`),
)

describe('placeholders', () => {
  it('are found again in any text, each with its step and member, and nothing else is', () => {
    const part = fc.oneof(text, fc.record({ step: id, member }))
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const memory = parts
          .map((each) => (typeof each === 'string' ? each : markerText(each.step, each.member)))
          .join('')
        const wanted = parts.filter((each) => typeof each !== 'string')
        expect(markersOf(memory).map(({ step, member: name }) => ({ step, member: name }))).toEqual(wanted)
        const people = parts
          .map((each) => (typeof each === 'string' ? each : `{{${each.step}.${each.member}}}`))
          .join('')
        expect(readable(memory)).toBe(people)
      }),
    )
  })

  it('keep every text of a tenant as it is, wherever it stands, on the way into a file and out of it', () => {
    const key = fc.oneof(fc.constantFrom('at', '$after', 'a/b', '~', '0', '__proto__x'), fc.string({ maxLength: 5 }))
    const data = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
      ),
    })).value
    fc.assert(
      fc.property(data, (value) => {
        const step = { plan: value }
        const lifted = lift(step)
        expect(lifted).toEqual({ step, placeholders: [] })
        const file = JSON.parse(JSON.stringify(lifted.step))
        expect(fill(file.plan, '/plan', lifted.placeholders, new Map([['a', { b: 'x' }]]))).toEqual(file.plan)
      }),
    )
  })

  it('give way to the values of their steps, beside texts that look like them', () => {
    const answer = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant({ deep: ['{{a.b}}'] }))
    fc.assert(
      fc.property(id, member, text, text, answer, (step, name, before, after, value) => {
        const values = new Map([[step, nested(name.split('.'), value)]])
        const marker = markerText(step, name)
        const given = {
          plan: { whole: marker, part: `${before}${marker}${after}${marker}`, literal: before, list: [after] },
        }
        const { step: lifted, placeholders } = lift(given)
        const file = JSON.parse(JSON.stringify({ lifted, placeholders }))
        expect(file.lifted.plan.whole).toBe(`{{${step}.${name}}}`)
        expect(fill(file.lifted.plan, '/plan', file.placeholders, values)).toEqual({
          whole: value,
          part: `${before}${String(value)}${after}${String(value)}`,
          literal: before,
          list: [after],
        })
      }),
    )
  })

  it('tell steps apart whose ids begin alike', () => {
    const values = new Map<string, unknown>([
      ['a', { b: { c: 'of a' } }],
      ['a.b', { c: 'of a.b' }],
    ])
    const { step, placeholders } = lift({ plan: [markerText('a', 'b.c'), markerText('a.b', 'c')] })
    expect(step.plan).toEqual(['{{a.b.c}}', '{{a.b.c}}'])
    expect(fill(step.plan, '/plan', placeholders, values)).toEqual(['of a', 'of a.b'])
  })

  it('stand for whole objects and lists as well', () => {
    const { token_quota } = placeholder('read', {}) as Record<string, object>
    const { step, placeholders } = lift({ plan: JSON.parse(JSON.stringify({ body: { token_quota } })) })
    expect(step.plan).toEqual({ body: { token_quota: { $after: '{{read.token_quota}}' } } })
    const values = new Map([['read', { token_quota: { client_credentials: { per_day: 5 } } }]])
    expect(fill(step.plan, '/plan', placeholders, values)).toEqual({
      body: { token_quota: { client_credentials: { per_day: 5 } } },
    })
  })

  it('are refused where code has changed them, and as names of members', () => {
    const marker = markerText('Create', 'client_id')
    for (const changed of [marker.toLowerCase(), marker.toUpperCase(), encodeURIComponent(marker), marker.slice(0, -3)])
      expect(() => lift({ plan: changed }), changed).toThrow(/has changed a text that is known only after a write/)
    expect(() => markersIn({ [marker.toLowerCase()]: 1 })).toThrow(/has changed a text/)
    expect(() => lift({ plan: { [marker]: 1 } })).toThrow(/cannot be the name of a member/)
  })
})

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value)
}

describe('a text that looks like a placeholder', () => {
  const lab = planLab('literal')
  const LOOKS = 'Dear {{create client.client_id}}, {{ user.name }}, {{create client.client_id'

  it('survives plan and apply literally, whether a parameter, the tenant or the runbook has it', async () => {
    const [, other] = lab.tenant.seed.clients
    await lab.open().clients(String(other?.client_id)).update({ description: LOOKS }).run()
    const letters = defineRunbook({
      name: 'letters',
      params: z.object({ text: z.string() }),
      async *steps({ auth0, params, step }) {
        const read = yield* step('read', auth0.clients(String(other?.client_id)).get())
        const client = yield* step('create client', auth0.clients.create({ name: 'Letters', description: params.text }))
        yield* step(
          'mix',
          auth0.clients(client.client_id ?? '').update({
            description: `${read.description}|${client.client_id}|{{create client.name}}`,
            client_metadata: { from: params.text },
          }),
        )
      },
    })
    const file = await lab.plan(letters as never, { text: LOOKS })
    expect(file.steps.at(-1)).toMatchObject({
      route: 'PATCH /api/v2/clients/{{create client.client_id}}',
      placeholders: [
        { at: '/plan/params/id', step: 'create client', member: 'client_id' },
        { at: '/plan/body/description', part: [LOOKS.length + 1, LOOKS.length + 1 + 27] },
      ],
    })
    const { result } = await lab.apply(file)
    expect(result.error).toBeUndefined()
    const made = (await lab.open().clients.list({}).all().run()).find(({ name }) => name === 'Letters')
    expect(made).toMatchObject({
      description: `${LOOKS}|${made?.client_id}|{{create client.name}}`,
      client_metadata: { from: LOOKS },
    })
  })
})
