/** Shorter values would blot out ordinary words: they are hidden in their slots only. */
export const SHORTEST = 8
/** Bytes of a longer value are not looked for as a list of numbers. */
const MOST_LISTED = 200
/** So many bytes of a buffer are printed. */
const PRINTED_BYTES = 50

/** A value in every form in which texts carry it. */
export function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set([value])
  const add = (form: string): void => {
    if (form.length >= SHORTEST) forms.add(form)
  }
  const json = JSON.stringify(value).slice(1, -1)
  const twice = JSON.stringify(json).slice(1, -1)
  for (const form of [json, twice, JSON.stringify(twice).slice(1, -1)]) {
    add(form)
    add(form.replaceAll('/', '\\/'))
  }
  // As inspect() quotes it.
  add(value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n'))
  const encoded = encodeURIComponent(wellFormed(value))
  // As forms write it: the characters that encodeURIComponent leaves are encoded as well.
  const field = new URLSearchParams([['', value]]).toString().slice(1)
  for (const form of [encoded, encoded.replaceAll('%20', '+'), field, encodeURI(wellFormed(value))]) {
    add(form)
    add(form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))
    add(encodeURIComponent(form))
  }
  for (const form of inHtml(value)) add(form)
  for (const carried of new Set([value, json, encoded, field])) addBase64(Buffer.from(carried, 'utf8'), add)
  addBytes(Buffer.from(value, 'utf8'), add)
  return forms
}

/** As pages escape it: by name, by decimal and by hexadecimal number, and a slash or not. */
function inHtml(value: string): readonly string[] {
  const angles = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const quoted = ['&quot;', '&#34;', '&#x22;'].flatMap((double) =>
    ['&#39;', '&#x27;', '&apos;'].map((single) => angles.replaceAll('"', double).replaceAll("'", single)),
  )
  return [angles, ...quoted, ...quoted.map((text) => text.replaceAll('/', '&#x2F;'))]
}

// In base64 a value looks different at each of three offsets, as in `Basic` of id and secret; its ends are shared with what
// stands beside it.
function addBase64(bytes: Buffer, add: (form: string) => void): void {
  const whole = bytes.toString('base64')
  for (const base64 of [whole, whole.replace(/=+$/, ''), inner(bytes, 0), inner(bytes, 1), inner(bytes, 2)]) {
    add(base64)
    add(base64.replaceAll('+', '-').replaceAll('/', '_'))
    add(encodeURIComponent(base64))
  }
  add(Buffer.from(whole).toString('base64'))
}

/** As bytes: in hexadecimal, and as a buffer prints and writes itself. */
function addBytes(bytes: Buffer, add: (form: string) => void): void {
  const hex = bytes.toString('hex')
  add(hex)
  add(hex.toUpperCase())
  add([...bytes.subarray(0, PRINTED_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '))
  if (bytes.length <= MOST_LISTED) add([...bytes].join(','))
}

function inner(bytes: Uint8Array, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const start = before === 0 ? 0 : before + 1
  return (before + bytes.length) % 3 === 0 ? text.slice(start) : text.slice(start, -1)
}

// encodeURIComponent refuses a half of a surrogate pair.
function wellFormed(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8')
}
