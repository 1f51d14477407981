import { ValidationError } from '../../plan/index.ts'
import { writtenHere } from './lookup.ts'

const inspect = Symbol.for('nodejs.util.inspect.custom')
const RULE = 'is a word of another tool'

/** What the language itself asks of a value. */
const OF_LANGUAGE = new Set(['then', 'toJSON', 'constructor', 'prototype', 'name', 'length', 'apply', 'bind', 'call'])

/**
 * A word of another SDK. Called, it says what is written here; reading it or what is below it does nothing.
 *
 * @param word As it was written after `auth0.`: `oauth`, `users.getByEmail`.
 */
export function sdkWord(word: string): unknown {
  const refuse = (): never => {
    throw new ValidationError(sentence(word, '()'), {
      issues: [{ path: '', rule: RULE, suggestion: `auth0.${writtenHere(word)}` }],
    })
  }
  // What is shown of a proxy is its target.
  Object.defineProperty(refuse, inspect, { value: () => sentence(word, '') })
  return new Proxy(refuse, {
    get(target, name) {
      if (typeof name === 'symbol' || OF_LANGUAGE.has(name) || !/^[a-z][a-z\d]*$/i.test(name))
        return Reflect.get(target, name)
      return sdkWord(`${word}.${name}`)
    },
  })
}

function sentence(word: string, call: string): string {
  return `auth0.${word}${call} ${RULE}: write auth0.${writtenHere(word)}.`
}
