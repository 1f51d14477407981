// A Vitest reporter that counts a run: tests that passed, failed and were skipped with their reasons, and whatever
// broke outside of a test (a file that cannot be loaded has no test to fail, and must not count as none).
export class Counts {
  passed = 0
  failed = 0
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
    const { state, note } = test.result()
    if (state === 'passed') this.passed += 1
    else if (state === 'failed') this.failed += 1
    else this.skipped.push({ name: test.fullName, note })
  }

  #collect(place, errors) {
    for (const error of errors) this.broken.push(`${place}: ${error.message}`)
  }
}
