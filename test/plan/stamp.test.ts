import { isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { makeStamp } from '../../src/plan/index.ts'

it('keeps something with an object of any kind, and changes it', () => {
  const stamp = makeStamp<{ name: string }>()
  for (const object of [{}, [], () => undefined, Object.create(null), new Proxy({}, {})]) {
    expect(stamp.get(object)).toBeUndefined()
    stamp.set(object, { name: 'first' })
    stamp.set(object, { name: 'second' })
    expect(stamp.get(object)).toEqual({ name: 'second' })
  }
})

it('is seen by nobody who looks at the object, nor by another stamp', () => {
  const stamp = makeStamp<{ name: string }>()
  const object = { a: 1 }
  stamp.set(object, { name: 'x' })
  expect(Reflect.ownKeys(object)).toEqual(['a'])
  expect(isDeepStrictEqual(object, { a: 1 })).toBe(true)
  expect(structuredClone(object)).toEqual({ a: 1 })
  expect(stamp.get({ ...object })).toBeUndefined()
  expect(makeStamp().get(object)).toBeUndefined()
})
