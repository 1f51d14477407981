import { describe, expect, it } from 'vitest'
import { optionFault } from '../../src/catalogue/index.ts'
import { refuseArgument, refuseSetting } from '../../src/plan/index.ts'

const NAMES = ['timeout', 'maxRetries']

describe('the names in an object of options', () => {
  it('are right when all of them are known', () => {
    expect(optionFault({ timeout: 1 }, NAMES)).toBeUndefined()
    expect(optionFault({}, NAMES)).toBeUndefined()
  })

  it.each([undefined, null, 5, 'timeout', ['timeout']])('need an object: %j', (given) => {
    expect(optionFault(given, NAMES)).toEqual({
      path: '',
      rule: 'takes an object of options',
      next: 'Options are timeout, maxRetries.',
    })
  })

  it('tell which one is not known, the one that was meant, and all there are', () => {
    expect(optionFault({ timeout: 1, maxRetrys: 2 }, NAMES)).toEqual({
      path: 'maxRetrys',
      rule: 'is not an option',
      next: 'Did you mean "maxRetries"? Options are timeout, maxRetries.',
    })
    expect(optionFault({ colour: 'red' }, NAMES, 'retry')).toMatchObject({
      path: 'retry.colour',
      next: 'Options are timeout, maxRetries.',
    })
  })
})

describe('a refusal', () => {
  const fault = { path: 'timeout', rule: 'must be a number', next: 'Leave it out.' }

  it('of an argument says the call, the member, the rule and the next step', () => {
    expect(() => refuseArgument('plan.with()', fault)).toThrow(
      expect.objectContaining({
        kind: 'validation',
        message: 'plan.with(): "timeout" must be a number. Leave it out.',
        issues: [{ path: 'timeout', rule: 'must be a number' }],
      }),
    )
  })

  it('of the argument itself names the call alone, and tells programs another place where asked to', () => {
    expect(() => refuseArgument('plan.with()', { ...fault, path: '' }, 'options')).toThrow(
      expect.objectContaining({
        message: 'plan.with() must be a number. Leave it out.',
        issues: [{ path: 'options', rule: 'must be a number' }],
      }),
    )
  })

  it('of a setting is an error of the configuration', () => {
    expect(() => refuseSetting('connect()', fault)).toThrow(expect.objectContaining({ kind: 'configuration' }))
  })
})
