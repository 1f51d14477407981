import { meantSentence, nearest } from '../../catalogue/index.ts'
import { type PlanData, refuseArgument, type Secret, type SecretValues, secretNames } from '../../plan/index.ts'

/**
 * Checks the secrets that a caller gives to a plan.
 *
 * @throws ValidationError for a value that is no text and for a name that the plan has no slot for; never shows a value.
 */
export function givenSecrets(plan: PlanData, given: Readonly<Record<string, string | number | Secret>>): SecretValues {
  if (typeof given !== 'object' || given === null) {
    refuse('secrets', 'must be an object of values by slot name', "Write { secrets: { name: 'value' } }.")
  }
  const slots = secretNames(plan)
  const values: Record<string, string> = {}
  for (const [asked, value] of Object.entries(given)) {
    const name = slotOf(asked, slots)
    if (!slots.includes(name)) {
      const near = nearest(name, slots)
      const known = slots.length === 0 ? 'It has none; leave them out.' : `It has ${slots.join(', ')}.`
      refuse(`secrets.${name}`, 'fits no secret slot of the plan', meantSentence(near, known))
    }
    const bare: unknown = typeof value === 'object' && value !== null ? value.reveal?.() : value
    const text = typeof bare === 'number' && Number.isFinite(bare) ? String(bare) : bare
    if (typeof text !== 'string' || text === '') {
      refuse(`secrets.${name}`, 'must be a text that is not empty', 'Check the variable that it comes from.')
    }
    values[name] = text
  }
  return values
}

/** A slot is named by its path; where one slot alone ends so, the last part of the path will do. */
function slotOf(name: string, slots: readonly string[]): string {
  if (slots.includes(name)) return name
  const ending = slots.filter((slot) => slot.endsWith(`.${name}`))
  return ending.length === 1 ? (ending[0] as string) : name
}

function refuse(path: string, rule: string, next: string): never {
  return refuseArgument('auth0.run()', { path, rule, next })
}
