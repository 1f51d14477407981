import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isTenantlabError, type Json } from '../../src/plan/index.ts'
import { Redactor, type RunEvent } from '../../src/run/index.ts'
import {
  checkParams,
  defineRunbook,
  memoryJournal,
  type Parameter,
  ParameterError,
  type ParameterPrompt,
  parameterHelp,
  parametersOf,
  readParameters,
  runRunbook,
} from '../../src/runbook/index.ts'
import { shownParams } from '../../src/runbook/params/index.ts'
import { parameterValue } from '../../src/runbook/params/value.ts'
import { connect } from '../../src/session/index.ts'

const schema = z
  .object({
    country: z.string().length(2, 'must be two letters').describe('code of the country'),
    kind: z.enum(['soft', 'hard']),
    days: z.number().int('must be a whole number').positive(),
    sure: z.boolean(),
    names: z.array(z.string()).min(2, 'must be two or more'),
    clientPassword: z.string().min(8, 'must have 8 characters'),
    from: z.number(),
    until: z.number(),
    note: z.string().optional(),
    size: z.number().default(3),
  })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'must be after "from"' })

/** Answers from a list by parameter; keeps what was asked. */
function person(answers: Readonly<Record<string, readonly string[]>>) {
  const asked: { name: string; broken?: string }[] = []
  const left = structuredClone(answers) as Record<string, string[]>
  const prompt: ParameterPrompt = async ({ name }, broken) => {
    asked.push({ name, ...(broken !== undefined && { broken }) })
    const answer = left[name]?.shift()
    if (answer === undefined) throw new Error(`asked once too often: ${name}`)
    return answer
  }
  return { asked, prompt }
}

const right = {
  country: ['IM'],
  kind: ['soft'],
  days: ['2'],
  sure: ['yes'],
  names: ['a,b'],
  clientPassword: ['canary-password'],
  from: ['1'],
  until: ['2'],
}

describe('questions for parameters', () => {
  it('asks for what is required and was not given, and for nothing else', async () => {
    const { asked, prompt } = person(right)
    const given = await readParameters(parametersOf(schema), {
      flags: { days: '7' },
      environment: { TENANTLAB_PARAM_KIND: 'hard' },
      prompt,
      schema,
    })
    expect(asked.map(({ name }) => name)).toEqual(['country', 'sure', 'names', 'clientPassword', 'from', 'until'])
    expect(given).toMatchObject({
      country: 'IM',
      kind: 'hard',
      days: 7,
      sure: true,
      names: ['a', 'b'],
      from: 1,
      until: 2,
    })
    expect(given).not.toHaveProperty('note')
    expect(given).not.toHaveProperty('size')
  })

  it('asks again, with the rule, where an answer is of the wrong type or breaks a rule', async () => {
    const { asked, prompt } = person({
      ...right,
      country: ['IMN', 'IM'],
      kind: ['mild', 'hard'],
      days: ['many', '1.5', '2'],
      sure: ['perhaps', 'no'],
      names: ['a', 'a,b'],
      clientPassword: ['short', 'canary-password'],
    })
    const given = await readParameters(parametersOf(schema), { flags: {}, environment: {}, prompt, schema })
    const rules = asked.flatMap(({ name, broken }) => (broken === undefined ? [] : [`${name}: ${broken}`]))
    expect(rules).toEqual([
      'country: must be two letters',
      expect.stringMatching(/^kind: .*soft.*hard/),
      'days: takes a number',
      'days: must be a whole number',
      'sure: takes true or false',
      'names: must be two or more',
      'clientPassword: must have 8 characters',
    ])
    expect(given).toMatchObject({ country: 'IM', kind: 'hard', days: 2, sure: false })
  })

  it('asks again for the parameter that a rule about several names', async () => {
    const { asked, prompt } = person({ ...right, from: ['5'], until: ['2', '9'] })
    const given = await readParameters(parametersOf(schema), { flags: {}, environment: {}, prompt, schema })
    expect(asked.at(-1)).toEqual({ name: 'until', broken: 'must be after "from"' })
    expect(given).toMatchObject({ from: 5, until: 9 })
  })

  it('leaves what was given by flag to the check of the whole', async () => {
    const { prompt } = person(right)
    const flags = { from: '5', until: '2' }
    const given = await readParameters(parametersOf(schema), { flags, environment: {}, prompt, schema })
    const runbook = defineRunbook({ name: 'x', params: schema, async *steps() {} })
    expect(() => checkParams(runbook, given, new Redactor())).toThrow(/"until": must be after/)
  })

  it('repeats no secret in a rule', async () => {
    const strict = z.object({
      apiToken: z.string().refine(() => false, { error: ({ input }) => `not ${input}` }),
    })
    const asked: (string | undefined)[] = []
    const prompt: ParameterPrompt = async (_, broken) => {
      asked.push(broken)
      if (asked.length > 1) throw new Error('enough')
      return 'canary-token'
    }
    await expect(
      readParameters(parametersOf(strict), { flags: {}, environment: {}, prompt, schema: strict }),
    ).rejects.toThrow('enough')
    expect(asked).toEqual([undefined, 'not «secret»'])
  })

  it('takes any schema that parses, and checks at the end', async () => {
    const own = {
      parse: (input: unknown) => {
        if ((input as { a?: unknown }).a !== '1') throw new Error('a must be 1')
        return input
      },
    }
    const { asked, prompt } = person({})
    expect(await readParameters(parametersOf(own), { flags: {}, environment: {}, prompt, schema: own })).toEqual({})
    expect(asked).toEqual([])
  })
})

it('ends with a sentence where nobody can be asked', async () => {
  const given = await readParameters(parametersOf(schema), { flags: {}, environment: {} })
  const runbook = defineRunbook({ name: 'x', params: schema, async *steps() {} })
  try {
    checkParams(runbook, given, new Redactor())
    expect.unreachable()
  } catch (error) {
    expect(isTenantlabError(error) && error.message).toMatch(/"country": .*Nothing was sent/)
  }
})

it('tells choices, defaults and variables in the help, and no default of a secret', () => {
  const help = parameterHelp(
    parametersOf(z.object({ kind: z.enum(['a', 'b']).default('a'), apiToken: z.string().default('canary') })),
  )
  expect(help[0]).toEqual({ flag: '--kind TEXT', text: 'one of a, b; "a" unless given; or TENANTLAB_PARAM_KIND' })
  expect(JSON.stringify(help)).not.toContain('canary')
})

it('shows a parameter that is secret nowhere, of whatever type it is and however short', async () => {
  const runbook = defineRunbook({
    name: 'pins',
    params: z.object({
      pin: z.number().meta({ secret: true }),
      word: z.string().meta({ secret: true }),
      open: z.string(),
    }),
    async *steps({ params, say }) {
      say(`open ${params.open}`)
      yield* []
    },
  })
  const events: RunEvent[] = []
  const journal = memoryJournal()
  const session = connect({ domain: 'one.eu.auth0.com', token: 'canary-token' })
  const result = await runRunbook(runbook, session, {
    params: { pin: 47_114_711, word: 'xyz', open: 'seen' },
    listener: (event) => events.push(event),
    journal,
  })
  expect(result.exitCode).toBe(0)
  const told = JSON.stringify([events, result.params, journal.entries])
  expect(told).toContain('open seen')
  expect(told).toContain('"pin":"«secret»","word":"«secret»","open":"seen"')
  expect(told).not.toMatch(/47114711|xyz/)
})

it('R23: tells which parameter was not given as data, and names no flag', () => {
  const runbook = defineRunbook({
    name: 'missing',
    params: z.object({ perDay: z.number() }),
    async *steps() {},
  })
  const told = (work: () => unknown): ParameterError => {
    try {
      work()
    } catch (error) {
      if (error instanceof ParameterError) return error
    }
    throw new Error('It was not refused.')
  }
  const missing = told(() => checkParams(runbook, {}, new Redactor()))
  const many = told(() => parameterValue(parametersOf(runbook.params)[0] as Parameter, 'many'))
  const odd = told(() => parameterValue({ ...(parametersOf(runbook.params)[0] as Parameter), type: 'json' }, '{'))
  expect(missing.message).toMatch(/"perDay": is missing/)
  expect(many.message).toMatch(/"perDay" takes a number/)
  expect(odd.message).toMatch(/"perDay" takes JSON/)
  for (const error of [missing, many, odd]) {
    expect(error).toMatchObject({ kind: 'validation', parameters: [{ name: 'perDay', flag: 'per-day' }] })
    expect(error.message).not.toContain('--')
  }
  expect(() => checkParams(runbook, { perDay: 'many' }, new Redactor())).toThrow(/"perDay": Invalid input/)
})

it.each([
  ['a default', z.object({ token: z.string().default('canary-value') }), {}],
  ['a default of a marked one', z.object({ k: z.string().meta({ secret: true }).default('canary-value') }), {}],
  [
    'what becomes of a text',
    z.object({
      pin: z
        .string()
        .meta({ secret: true })
        .transform((a) => `canary-${a}`),
    }),
    { pin: 'value' },
  ],
])('R27 a secret parameter is never told, also as %s', (_, params, given) => {
  const redactor = new Redactor()
  checkParams(defineRunbook({ name: 'p', params: params as never, async *steps() {} }), given, redactor)
  expect(redactor.text('set canary-value')).toBe('set «secret»')
})

it.each([
  ['tenant', 'tenants'],
  ['parameters', 'It takes name, description, params'],
  ['maxRequest', 'maxRequests'],
])('R12 a runbook does not drop what it does not know: %s', (member, hint) => {
  const define = () => defineRunbook({ name: 'p', [member]: 1, async *steps() {} } as never)
  expect(define).toThrow(`"p" has "${member}"`)
  expect(define).toThrow(hint)
})

describe('R47 the value of a parameter has the type that its schema declares', () => {
  const typed = z.object({
    numbers: z.array(z.number()).optional(),
    flags: z.array(z.boolean()).optional(),
    mixed: z.array(z.union([z.number(), z.boolean()])).optional(),
    pair: z.tuple([z.number(), z.string()]).optional(),
    objects: z.array(z.object({ id: z.number() })).optional(),
    sure: z.stringbool().optional(),
    level: z.literal([1, 2]).optional(),
    five: z.literal(5).optional(),
    size: z.union([z.number(), z.literal('auto')]).optional(),
    either: z.union([z.string(), z.number()]).optional(),
    auto: z.union([z.boolean(), z.literal('auto')]).optional(),
    none: z.number().nullable().optional(),
    ids: z.array(z.enum(['1', '2'])).optional(),
    day: z.iso.date().optional(),
    since: z.coerce.date().optional(),
    until: z.date().optional(),
    days: z.array(z.date()).optional(),
    text: z.string().optional(),
    limits: z.record(z.string(), z.number()).default({}),
    on: z.boolean().default(true),
  })
  const runbook = defineRunbook({ name: 'typed', params: typed, async *steps() {} })
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['numbers', '1,2.5', [1, 2.5]],
    ['numbers', '[1, 2]', [1, 2]],
    ['numbers', '', []],
    ['flags', 'true,no', [true, false]],
    ['mixed', '7,true', [7, true]],
    ['pair', '3,three', [3, 'three']],
    ['objects', '[{"id":1},{"id":2}]', [{ id: 1 }, { id: 2 }]],
    ['objects', '{"id":1}', [{ id: 1 }]],
    ['sure', 'yes', true],
    ['sure', 'off', false],
    ['sure', 'true', true],
    ['level', '2', 2],
    ['five', '5', 5],
    ['size', '12', 12],
    ['size', 'auto', 'auto'],
    ['either', '12', '12'],
    ['auto', 'auto', 'auto'],
    ['auto', 'false', false],
    ['none', 'null', null],
    ['none', '4', 4],
    ['ids', '1,2', ['1', '2']],
    ['day', '2026-11-30', '2026-11-30'],
    ['since', '2026-11-30', new Date('2026-11-30')],
    ['until', '2026-11-30T10:00:00Z', new Date('2026-11-30T10:00:00Z')],
    ['days', '2026-11-30,2026-12-01', [new Date('2026-11-30'), new Date('2026-12-01')]],
    ['text', '007', '007'],
    ['text', 'true', 'true'],
    ['limits', '{"a":1}', { a: 1 }],
    ['on', 'no', false],
  ]

  it.each(cases)('%s from "%s", by flag and by variable', async (name, text, value) => {
    const [parameter] = parametersOf(typed).filter((each) => each.name === name)
    const { flag = '', variable = '' } = parameter ?? {}
    for (const sources of [
      { flags: { [flag]: text }, environment: {} },
      { flags: {}, environment: { [variable]: text } },
    ]) {
      const given = await readParameters(parametersOf(typed), sources)
      expect(checkParams(runbook, given, new Redactor())).toMatchObject({ [name]: value })
    }
  })

  it.each([
    ['numbers', '1,two', /"numbers" takes a number/],
    ['level', '3', /"level" takes 1 or 2/],
    ['size', 'huge', /"size" takes a number or auto/],
    ['none', 'nil', /"none" takes a number or null/],
    ['objects', '{', /"objects" takes JSON/],
    ['on', 'perhaps', /"on" takes true or false/],
  ])('refuses %s from "%s", and says what it takes', async (name, text, message) => {
    const reading = readParameters(parametersOf(typed), { flags: { [name]: text }, environment: {} })
    await expect(reading).rejects.toThrow(message)
    await expect(reading).rejects.toBeInstanceOf(ParameterError)
  })

  it.each([
    ['a text made a boolean', z.object({ sure: z.stringbool() }), { sure: 'no' }],
    ['a text made a number', z.object({ size: z.string().transform(Number) }), { size: '12' }],
    ['a date', z.object({ day: z.date(), since: z.coerce.date() }), { day: '2026-11-30', since: '2026-12-01' }],
  ])('goes on with what the journal recorded: %s', async (_, params, given) => {
    const resumed = defineRunbook({ name: 'resumed', params: params as never, async *steps() {} })
    const first = checkParams(resumed, given, new Redactor())
    const recorded = shownParams(resumed, first, new Redactor()) as Json
    const sources = { flags: {}, environment: {}, recorded, schema: params as never }
    const again = await readParameters(parametersOf(params as never), sources)
    expect(checkParams(resumed, again, new Redactor())).toEqual(first)
  })

  it('leaves out what a schema makes something else of each time', async () => {
    const params = z.object({ name: z.string().transform((name) => `${name}!`), other: z.string() })
    const sources = { flags: {}, environment: {}, recorded: { name: 'a!', other: 'b' }, schema: params as never }
    expect(await readParameters(parametersOf(params as never), sources)).toEqual({ other: 'b' })
  })

  it('shows dates as dates, so that two runs are told apart', () => {
    const shown = (since: string) =>
      shownParams(runbook, checkParams(runbook, { since }, new Redactor()), new Redactor())
    expect(shown('2026-11-30')).toMatchObject({ since: '2026-11-30T00:00:00.000Z' })
    expect(shown('2026-12-01')).not.toEqual(shown('2026-11-30'))
  })
})
