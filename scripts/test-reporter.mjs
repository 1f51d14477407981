import { stripVTControlCharacters } from 'node:util'

// A Vitest reporter that counts a run: tests that passed, failed (with what they said) and were skipped with their
// reasons, those that passed only when tried again, and whatever broke outside of a test (a file that cannot be loaded
// has no test to fail, and must not count as none).
export class Counts {
  passed = 0
  /** @type {{ name: string, message: string }[]} */
  failed = []
  /** @type {string[]} */
  flaky = []
  /** @type {{ name: string, note?: string }[]} */
  skipped = []
  /** @type {string[]} */
  broken = []

  onTestRunEnd(modules, unhandledErrors) {
    for (const module of modules) {
      this.#collect(module.relativeModuleId ?? module.moduleId, module.errors())
      for (const suite of module.children.allSuites()) this.#collect(suite.fullName, suite.errors())
      for (const test of module.children.allTests()) this.#count(test)
    }
    this.#collect('outside of any test', unhandledErrors)
  }

  #count(test) {
    const { state, note, errors } = test.result()
    const name = `${test.module.relativeModuleId} > ${test.fullName}`
    if (state === 'passed') this.passed += 1
    else if (state === 'failed') this.failed.push({ name, message: wordsOf(errors) })
    else this.skipped.push({ name: test.fullName, note })
    if (state === 'passed' && test.diagnostic()?.flaky === true) this.flaky.push(name)
  }

  #collect(place, errors) {
    for (const error of errors) this.broken.push(`${place}: ${error.message}`)
  }
}

/** What the errors of a test said, with the line of the test, short enough for a closing summary. */
function wordsOf(errors) {
  return (errors ?? [])
    .map(({ message, diff, stacks }) => {
      const [at] = stacks ?? []
      const place = at === undefined ? [] : [`at ${at.file}:${at.line}`]
      return [...(stripVTControlCharacters(diff ?? message) || message).split('\n').slice(0, 30), ...place].join('\n')
    })
    .join('\n')
}
