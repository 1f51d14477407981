import { describe, expect, it, vi } from 'vitest'
import { guardedText, StreamGuard } from '../../src/display/notebook-guard.ts'
import { processSecrets } from '../../src/plan/index.ts'

describe('N3 a guarded stream', () => {
  processSecrets().add('canary-stream-äöü-1')
  const written = (...chunks: (string | Uint8Array)[]): string[] => {
    const out: string[] = []
    const guard = new StreamGuard((text) => out.push(text))
    for (const chunk of chunks) guard.write(chunk)
    guard.flush()
    return out
  }

  it('hides a secret however it is cut', () => {
    const text = 'a canary-stream-äöü-1 b\n'
    for (let at = 1; at < text.length; at += 1) {
      expect(written(text.slice(0, at), text.slice(at)).join('')).toBe('a «secret» b\n')
    }
    const bytes = Buffer.from(text)
    for (let at = 1; at < bytes.length; at += 1) {
      expect(written(bytes.subarray(0, at), bytes.subarray(at)).join('')).toBe('a «secret» b\n')
    }
  })

  it('lets everything else through at once', () => {
    const out: string[] = []
    const guard = new StreamGuard((text) => out.push(text))
    guard.write('Question? ')
    guard.write('line\n')
    expect(out).toEqual(['Question? ', 'line\n'])
  })

  it('writes what waited when nothing follows', () => {
    vi.useFakeTimers()
    const out: string[] = []
    new StreamGuard((text) => out.push(text)).write('see canary-str')
    expect(out).toEqual(['see '])
    vi.runAllTimers()
    expect(out).toEqual(['see ', 'canary-str'])
    vi.useRealTimers()
  })

  it('lets through what is shown on purpose', () => {
    expect(guardedText('x \ue010canary-stream-äöü-1\ue011 canary-stream-äöü-1')).toBe('x canary-stream-äöü-1 «secret»')
    expect(written('x \ue010canary-stre', 'am-äöü-1\ue011 y').join('')).toBe('x canary-stream-äöü-1 y')
  })
})
