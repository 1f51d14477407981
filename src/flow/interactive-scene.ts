import type { Prompt } from '../profiles/index.ts'

/** How a step of an interactive flow stands. */
export type StepMark = 'going' | 'done' | 'stopped'

/** Where an interactive flow shows itself. What it tells holds no secret; a QR code is cleared. */
export interface InteractiveScene {
  readonly prompt: Prompt
  /** Shows one more step, a whole sentence. */
  tell(mark: StepMark, text: string): void
  /**
   * Shows a QR code until the answer is called.
   *
   * @param text What the code holds.
   * @param notes Whole sentences below it; they are cleared with it.
   */
  qrCode(text: string, notes: readonly string[]): () => void
  /** Clears what must not stay. */
  close(): void
}
