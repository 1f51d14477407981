const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never
const JUPYTER: unique symbol = Symbol.for('Jupyter.display') as never

/**
 * Words that are half of a sentence: shown, they say what can be said next, and print no function. The members stay as they
 * are; completion, comparison and JSON meet nothing new.
 *
 * @param place How the words so far are written: `auth0.mfa(token)`.
 * @param next What can be said next, as it is written.
 * @param so What has been said so far, in a line.
 */
export function halfSaid<T extends object>(words: T, place: string, next: readonly string[], so?: string): T {
  const lines = [`${place} is half a sentence, and nothing is sent. Go on with:`, ...next.map((each) => `  .${each}`)]
  const text = [...(so === undefined ? [] : [so]), ...lines].join('\n')
  const hidden = { enumerable: false, configurable: true, writable: true }
  Object.defineProperty(words, INSPECT, { ...hidden, value: () => text })
  Object.defineProperty(words, JUPYTER, {
    ...hidden,
    value: () => ({ 'text/plain': text, 'text/html': `<pre>${escaped(text)}</pre>` }),
  })
  return words
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
