import { describe, expect, it } from 'vitest'
import { isOverlay, layOver, layOverlays } from '../../scripts/catalogue/overlay.mjs'

describe('an overlay over a document', () => {
  it('adds keys, joins lists of names and types, and merges parameters by place and name', () => {
    const base = {
      type: 'string',
      enum: ['a'],
      required: ['a'],
      parameters: [{ name: 'q', in: 'query', schema: { maximum: 50 } }],
    }
    const additions = {
      type: ['string', 'null'],
      enum: ['a', 'b'],
      required: ['b'],
      parameters: [
        { name: 'q', in: 'query', schema: { maximum: 100 } },
        { name: 'q', in: 'header' },
      ],
    }
    expect(layOver(base, additions)).toEqual({
      type: ['string', 'null'],
      enum: ['a', 'b'],
      required: ['a', 'b'],
      parameters: [
        { name: 'q', in: 'query', schema: { maximum: 100 } },
        { name: 'q', in: 'header' },
      ],
    })
  })

  it('replaces references and what says so, and takes names out where it says so', () => {
    expect(layOver({ $ref: '#/x' }, { type: 'string' })).toEqual({ type: 'string' })
    expect(layOver({ type: 'string', pattern: 'x' }, { 'x-replace': true, type: 'object' })).toEqual({
      'x-replace': true,
      type: 'object',
    })
    const open = layOver({ required: ['a', 'b'], pattern: 'x' }, { 'x-optional': ['a'], 'x-drop': ['pattern'] })
    expect(open.required).toEqual(['b'])
    expect(open).not.toHaveProperty('pattern')
    expect(layOver({ required: ['a'] }, { 'x-optional': ['a'] })).not.toHaveProperty('required')
  })

  it('takes properties that are called like keywords for properties', () => {
    const base = { properties: { enum: { type: 'string' }, type: { type: 'string' } } }
    const additions = { properties: { enum: { maxLength: 5 }, type: { type: ['string', 'null'] } } }
    expect(layOver(base, additions)).toEqual({
      properties: { enum: { type: 'string', maxLength: 5 }, type: { type: ['string', 'null'] } },
    })
  })

  it('gives a choice the branches that it lacks', () => {
    const choice = layOver({ oneOf: [{ type: 'string' }] }, { oneOf: [{ type: 'string' }, { type: 'null' }] })
    expect(choice).toEqual({ oneOf: [{ type: 'string' }, { type: 'null' }] })
  })

  it('is told by its marks, and laid over the document that it shares most with', () => {
    const overlay = { paths: { '/b': { get: { 'x-source': 'recorded' } } } }
    const one = { servers: [], paths: { '/a': {} } }
    const other = { servers: [], paths: { '/b': { get: { operationId: 'b' } } } }
    expect([overlay, one].map(isOverlay)).toEqual([true, false])
    const laid = layOverlays([overlay, one, other].map((document, index) => ({ file: `${index}.json`, document })))
    expect(laid.map(({ file }) => file)).toEqual(['1.json', '2.json'])
    expect(laid[1]?.document.paths).toEqual({ '/b': { get: { operationId: 'b', 'x-source': 'recorded' } } })
  })
})
