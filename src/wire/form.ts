import { isJsonObject, type Json } from '../plan/index.ts'

/** Fields of a form: lists of words joined by spaces (`scope`), objects as JSON text, `null` left out. */
export function formFields(body: Json): Record<string, string> {
  const fields: Record<string, string> = {}
  if (!isJsonObject(body)) return fields
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue
    if (typeof value !== 'object') fields[name] = String(value)
    else if (Array.isArray(value) && value.every((item) => typeof item === 'string')) fields[name] = value.join(' ')
    else fields[name] = JSON.stringify(value)
  }
  return fields
}

/** Form fields as `application/x-www-form-urlencoded` text. */
export function formText(fields: Readonly<Record<string, string>>): string {
  let text = ''
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (value === undefined) continue
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    text = text === '' ? pair : `${text}&${pair}`
  }
  return text
}
