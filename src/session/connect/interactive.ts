import { liveLoginSteps, showPassingQr } from '../../display/index.ts'
import type { InteractiveScene } from '../../flow/index.ts'
import type { InteractiveOptions } from '../../grammar/index.ts'
import type { Prompt } from '../../profiles/index.ts'
import { usualPrompt } from '../../profiles/index.ts'

/**
 * The scene of an interactive login: steps and QR code in the notebook or terminal, questions through the prompt that
 * the flow, else the session, else the place was given.
 */
export function openScene(options: InteractiveOptions, own: Prompt | undefined): InteractiveScene {
  const shown = options.display !== false
  const tell = shown ? liveLoginSteps() : () => undefined
  const clearing = new Set<() => void>()
  return {
    prompt: options.prompt ?? own ?? usualPrompt,
    tell: (mark, text) => tell({ mark, text }),
    qrCode(text, notes) {
      if (!shown) return () => undefined
      const clear = showPassingQr({ text, notes })
      clearing.add(clear)
      return clear
    },
    close() {
      for (const clear of clearing) clear()
    },
  }
}
