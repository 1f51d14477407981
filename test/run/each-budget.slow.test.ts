import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connect } from '../../src/index.ts'
import { defineRunbook, runRunbook } from '../../src/runbook.ts'

const folder = mkdtempSync(join(tmpdir(), 'budget-'))
afterAll(() => rmSync(folder, { recursive: true }))

// A server that has nothing to do but answer, so that ten thousand requests take no time.
const quick = () =>
  connect({
    domain: 'quick.example.com',
    token: 'token',
    rateLimit: false,
    transport: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"id":"1"}' }),
  })

describe('the budget of an each', () => {
  const many = (count: number) =>
    defineRunbook({
      name: 'many',
      async *steps({ auth0: session, step }) {
        const items = Array.from({ length: count }, (_, at) => `r${at}`)
        yield* step(
          'all',
          session
            .roles('r')
            .get()
            .map(() => items)
            .each((id) => session.roles(id).get()),
        )
      },
    })

  it.each([10_050, 10_001])('does not end an each over %i items, which its list bounds', async (count) => {
    const { status, summary } = await runRunbook(many(count), quick())
    expect([status, summary.requests]).toEqual(['done', count + 1])
  })

  it.each([5, 12])('counts the items where somebody has said that %i are enough', async (maxRequests) => {
    const { status, summary } = await runRunbook(many(30), quick(), { maxRequests })
    expect([status, summary.requests]).toEqual(['stopped', maxRequests])
  })
})

describe('R6 a journal that was begun with another secret', () => {
  const program = (breaks: boolean) =>
    defineRunbook({
      name: 'secret',
      params: z.object({ pin: z.string().meta({ secret: true }), name: z.string() }),
      async *steps({ auth0: session, step }) {
        yield* step('one', session.roles.create({ name: 'one' }))
        if (breaks) throw new Error('power cut')
        yield* step('two', session.roles.create({ name: 'two' }))
      },
    })

  it.each([
    ['another pin', { pin: 'canary-two', name: 'n' }, 'failed'],
    ['a longer one', { pin: 'canary-one!', name: 'n' }, 'failed'],
    ['the same', { pin: 'canary-one', name: 'n' }, 'done'],
  ])('is not continued with %s', async (name, params, ended) => {
    const journal = join(folder, `${name.replaceAll(' ', '-')}.jsonl`)
    expect(
      (await runRunbook(program(true), quick(), { params: { pin: 'canary-one', name: 'n' }, journal, again: true }))
        .status,
    ).toBe('failed')
    const outcome = await runRunbook(program(false), quick(), { params, journal, again: true }).then(
      ({ status, error }) => ({ status, text: String((error as Error | undefined)?.message) }),
      (error: Error) => ({ status: 'failed', text: error.message }),
    )
    expect(outcome.status).toBe(ended)
    if (ended === 'failed') expect(outcome.text).toContain('another value of a secret parameter')
    expect(readFileSync(journal, 'utf8') + outcome.text).not.toContain('canary')
  })
})
