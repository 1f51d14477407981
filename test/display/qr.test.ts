import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { qrSvg, showQr } from '../../src/display/looks/qr.ts'
import { qrMatrix } from '../../src/display/looks/qr-code.ts'
import { showPassingQr } from '../../src/display/looks/qr-live.ts'

const drawn = (text: string, mask?: number): string[] =>
  qrMatrix(text, mask).map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
const digest = (text: string, mask: number) => createHash('sha256').update(drawn(text, mask).join('\n')).digest('hex')

describe('a QR code', () => {
  // Made by qrcode-generator 2.0.4, byte mode, level L; the mask is the one that it chose.
  it('equals that of another encoder, module by module', () => {
    expect(drawn('HELLO WORLD', 3)).toEqual([
      '#######.#.###.#######',
      '#.....#...##..#.....#',
      '#.###.#.##.#..#.###.#',
      '#.###.#.##..#.#.###.#',
      '#.###.#.#..#..#.###.#',
      '#.....#..####.#.....#',
      '#######.#.#.#.#######',
      '...........##........',
      '####..#.######..###.#',
      '.#.###.#..######.##..',
      '####..#.#..#.#.#...##',
      '######.#...#...#.#.#.',
      '###...##.#..##....#.#',
      '........##.#..##..#.#',
      '#######...#######....',
      '#.....#......#.#.####',
      '#.###.#...#.#.#..#...',
      '#.###.#.#.#...#..###.',
      '#.###.#.###.#..#..#..',
      '#.....#.##.#.####...#',
      '#######.#..#.#.#.....',
    ])
  })

  it.each([
    [
      'an enrolment',
      'otpauth://totp/demo:user%40example.com?secret=ABCDEFGHIJKLMNOP&issuer=demo&algorithm=SHA1&digits=6&period=30',
      5,
      '70ee1211607da3dd40afdb99abcd399c8909ef8a5466b6745ce76a348191031d',
    ],
    ['154 bytes, version 7', 'x'.repeat(154), 2, '82302eae0230610d8937163a46326a3b2d7eaacea85f0c2569a2076bd954e1f5'],
    ['155 bytes, version 8', 'x'.repeat(155), 2, 'a19337ed5cd6f6db7b65e7c887d037ba0fd574275b6a75f82b7c7fa2958ab770'],
    ['271 bytes, version 10', 'x'.repeat(271), 2, 'd4dcd93bd7f732b11412bb78296e7cf275a2474b917510bac9761c1ca220216d'],
    ['1500 bytes, version 28', 'x'.repeat(1500), 2, '2164b771ff67fba5722e1188fe5443f50bb57f88566c9a01bcf517c4bdcafafc'],
    ['2953 bytes, version 40', 'x'.repeat(2953), 2, '4923c678b46540ce4706f0ddd9bca328749669acc73a75d23f652ea0680ca740'],
  ] as const)('equals that of another encoder for %s', (_name, text, mask, expected) => {
    expect(digest(text, mask)).toBe(expected)
  })

  it('grows with its text, up to what the standard holds', () => {
    expect([17, 18, 2953].map((length) => qrMatrix('x'.repeat(length), 0).length)).toEqual([21, 25, 177])
    expect(() => qrMatrix('x'.repeat(2954))).toThrow('at most 2953 bytes, and this text has 2954')
    expect(() => qrMatrix('ä'.repeat(1477))).toThrow('2954')
  })

  it('has its finders wherever they belong, whatever the text and mask', () => {
    const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(7), (text, mask) => {
        const rows = drawn(text, mask)
        const end = rows.length - 7
        const corner = (row: number, column: number) =>
          rows.slice(row, row + 7).map((line) => line.slice(column, column + 7))
        expect([corner(0, 0), corner(0, end), corner(end, 0)]).toEqual([finder, finder, finder])
      }),
      { numRuns: 40 },
    )
  })
})

describe('the look of a QR code', () => {
  const view = { text: 'otpauth://totp/canary-text', notes: ['Scan it.', '<b>\u001b[2J'] }

  it('draws the same modules as SVG and as half blocks', () => {
    const matrix = qrMatrix(view.text)
    const size = matrix.length + 8
    const grid = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
    for (const [, x = '', y = '', run = ''] of qrSvg(matrix).matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
      for (let at = 0; at < Number(run); at += 1) (grid[Number(y)] ?? [])[Number(x) + at] = true
    }
    expect(grid.slice(4, -4).map((row) => row.slice(4, -4))).toEqual(matrix)
    const lines = showQr(view).text().split('\n').slice(0, -2)
    const light = lines.flatMap((line) => {
      const cells = [...line]
      return [cells.map((cell) => '█▀'.includes(cell)), cells.map((cell) => '█▄'.includes(cell))]
    })
    expect(light.slice(2, 2 + matrix.length).map((row) => row.slice(2, -2).map((each) => !each))).toEqual(matrix)
  })

  it('cleans what stands below it, and is no data', () => {
    const bundle = showQr(view).bundle()
    expect(bundle['text/html']).toContain('&lt;b&gt;')
    expect(bundle['text/plain']).not.toContain('\u001b')
    expect(bundle['application/vnd.tenantlab+json']).toBeUndefined()
    expect(JSON.stringify(showQr(view).json())).not.toContain('canary')
  })

  it('stands on a second screen of a terminal, which is left once', () => {
    const written: string[] = []
    const terminal = Object.assign(new PassThrough(), { isTTY: true })
    terminal.on('data', (chunk: Buffer) => written.push(chunk.toString()))
    const listeners = process.listenerCount('exit')
    const clear = showPassingQr(view, terminal as never)
    expect(written.join('').startsWith('\u001b[?1049h')).toBe(true)
    expect(written.join('')).toMatch(/[█▀▄]/)
    clear()
    clear()
    expect(written.join('').split('\u001b[?1049l')).toHaveLength(2)
    expect(written.join('').endsWith('\u001b[?1049l')).toBe(true)
    expect(process.listenerCount('exit')).toBe(listeners)
  })

  it('is not drawn where output may be kept', () => {
    const written: string[] = []
    const pipe = new PassThrough()
    pipe.on('data', (chunk: Buffer) => written.push(chunk.toString()))
    showPassingQr(view, pipe as never)()
    expect(written.join('')).toContain('not shown here')
    expect(written.join('')).not.toMatch(/[█▀▄]/)
  })
})
