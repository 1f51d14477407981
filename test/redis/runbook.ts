import { doneWhen } from '../../src/run/index.ts'
import { defineRunbook } from '../../src/runbook/index.ts'

/** Creates so many applications, each once. */
export const applications = (count: number) =>
  defineRunbook({
    name: 'applications',
    async *steps({ auth0, step }) {
      for (let number = 1; number <= count; number += 1) {
        const name = `application ${number}`
        yield* step(name, auth0.clients.create({ name }), { doneWhen: doneWhen(auth0.clients.list().all(), { name }) })
      }
    },
  })
