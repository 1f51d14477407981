import { displayTarget, writeDisplay } from '../target.ts'
import { type QrView, showQr } from './qr.ts'

const OTHER_SCREEN = '\u001b[?1049h\u001b[2J\u001b[H'
const FIRST_SCREEN = '\u001b[?1049l'
const CLEARED = 'QR code: shown while it was needed, and cleared.'

/**
 * Shows a QR code for as long as it is needed: a notebook's output is replaced by a sentence, a terminal's second screen
 * is left, so that neither the saved notebook nor the scroll-back keeps the secret in it. Where output may be kept, in a
 * pipe or a log, the code is not shown at all.
 *
 * @returns what clears it; calling it again does nothing.
 */
export function showPassingQr(view: QrView, output: NodeJS.WriteStream = process.stdout): () => void {
  const target = displayTarget()
  if (target.kind === 'notebook') {
    const id = crypto.randomUUID()
    writeDisplay(target, showQr(view).bundle(), { id, update: false })
    return once(() => {
      const cleared = { 'text/plain': CLEARED, 'text/html': `<div>${CLEARED}</div>` }
      writeDisplay(target, cleared, { id, update: true })
    })
  }
  if (output.isTTY !== true) {
    output.write('A QR code is not shown here, as this output may be kept. Run the flow in a terminal or a notebook.\n')
    return () => undefined
  }
  output.write(`${OTHER_SCREEN}${showQr(view).text({ colours: true })}\n`)
  const leave = once(() => {
    process.off('exit', leave)
    output.write(FIRST_SCREEN)
  })
  // A process that ends in between must not leave the terminal on the second screen.
  process.once('exit', leave)
  return leave
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
