import { plain } from '../../plan/index.ts'
import type { Tone } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { displayTarget, writeDisplay } from '../target.ts'

/** One step of a login, a whole sentence without a secret in it. */
export interface LoginStep {
  readonly mark: 'going' | 'done' | 'stopped'
  readonly text: string
}

const MARKS: Readonly<Record<LoginStep['mark'], string>> = { going: '·', done: '✓', stopped: '✗' }
const TONES: Readonly<Record<LoginStep['mark'], Tone>> = { going: 'plain', done: 'good', stopped: 'bad' }
const TITLE = 'Interactive login'

/** The steps so far. */
export function showLoginSteps(steps: readonly LoginStep[]): Look {
  const last = steps.at(-1)?.mark ?? 'going'
  return lookOf(
    () => ({
      title: TITLE,
      tone: TONES[last],
      blocks: steps.map((step) => ({ kind: 'notes', tone: 'plain', notes: [lineOf(step)] })),
    }),
    () => ({ kind: 'login-steps', steps }),
  )
}

/** Shows steps as they come: one display that grows in a notebook, one line after the other elsewhere. */
export function liveLoginSteps(): (step: LoginStep) => void {
  const steps: LoginStep[] = []
  const id = crypto.randomUUID()
  return (step) => {
    const first = steps.length === 0
    steps.push(step)
    const target = displayTarget()
    if (target.kind === 'notebook') writeDisplay(target, showLoginSteps(steps).bundle(), { id, update: !first })
    else writeDisplay(target, { 'text/plain': first ? `${TITLE}\n${lineOf(step)}` : lineOf(step) })
  }
}

function lineOf({ mark, text }: LoginStep): string {
  return `${MARKS[mark]} ${plain(text)}`
}
