import { describe, expect, it } from 'vitest'
import { schemaTexts } from '../../src/catalogue/generated/schemas.ts'
import type { JsonSchema } from '../../src/catalogue/index.ts'
import { row, rows, schemaOf } from '../../src/catalogue/index.ts'

const keywords = new Set(
  (
    '$ref type enum const format pattern minLength maxLength minimum maximum minItems maxItems uniqueItems minProperties ' +
    'maxProperties required items contains oneOf anyOf allOf properties additionalProperties'
  ).split(' '),
)

function visit(node: unknown, each: (schema: JsonSchema) => void): void {
  if (typeof node !== 'object' || node === null) return
  const schema = node as JsonSchema
  each(schema)
  for (const key of ['items', 'contains', 'additionalProperties']) visit(schema[key], each)
  for (const key of ['oneOf', 'anyOf', 'allOf'])
    for (const member of (schema[key] ?? []) as unknown[]) visit(member, each)
  for (const member of Object.values((schema.properties ?? {}) as object)) visit(member, each)
}

describe('the schemas', () => {
  it('exist for every body and every query, and every reference in them resolves', () => {
    const names = new Set(Object.keys(schemaTexts()))
    for (const one of rows()) {
      if (one.body !== undefined) expect(names.has(one.body.schema), one.id).toBe(true)
      expect(one.querySchema !== undefined, one.id).toBe(one.query.length > 0)
      if (one.querySchema !== undefined) {
        const schema = schemaOf(one.querySchema)
        expect(Object.keys(schema.properties as object)).toEqual(one.query)
      }
    }
    let references = 0
    for (const name of names) {
      visit(schemaOf(name), (schema) => {
        if (schema.$ref === undefined) return
        references += 1
        expect(names.has(schema.$ref as string), `${name} → ${schema.$ref as string}`).toBe(true)
      })
    }
    expect(references).toBeGreaterThan(1000)
  })

  it('hold rules only: no prose, no samples, no defaults', () => {
    for (const name of Object.keys(schemaTexts())) {
      visit(schemaOf(name), (schema) => {
        for (const key of Object.keys(schema)) expect(keywords.has(key), `${name}: ${key}`).toBe(true)
      })
    }
  })

  it('keep properties that are called like keywords', () => {
    const schema = schemaOf('CreateNetworkAclRequestContent')
    expect(Object.keys(schema.properties as object)).toEqual(['description', 'active', 'priority', 'rule'])
  })

  it('take every grant at the token endpoint', () => {
    const schema = schemaOf(row('authentication.token')?.body?.schema as string)
    expect(schema).toMatchObject({ type: 'object', required: ['grant_type'] })
    expect(schema.oneOf).toBeUndefined()
    expect(schema.additionalProperties).toBeUndefined()
    expect(Object.keys(schema.properties as object)).toEqual(
      expect.arrayContaining(['realm', 'oob_code', 'auth_req_id', 'subject_token']),
    )
  })

  it('know what the June document lacks', () => {
    const match = schemaOf('NetworkAclMatch')
    expect(match.properties).toHaveProperty('auth0_managed')
    expect(schemaOf('NetworkAclRule').properties).toHaveProperty('match_all')
    const associate = schemaOf(row('authentication.mfa.associate')?.body?.schema as string)
    expect(associate.properties).toMatchObject({
      email: { format: 'email' },
      oob_channels: { items: { enum: expect.arrayContaining(['email']) } },
    })
  })

  it('require nothing that they do not declare', () => {
    for (const name of Object.keys(schemaTexts())) {
      visit(schemaOf(name), (schema) => {
        if (schema.properties === undefined || schema.allOf !== undefined) return
        for (const key of (schema.required ?? []) as string[])
          expect(Object.keys(schema.properties as object), name).toContain(key)
      })
    }
  })

  it('say which name is missing', () => {
    expect(() => schemaOf('toString')).toThrow(/no schema called toString/)
  })
})
