/** Words of a sentence that say nothing of what is searched for. */
export const EMPTY = new Set(
  'a again all already an and any are as at be because been being both by can could did do does ever every for from give had have having he how i in into is it its just me might must my need needs no not of on one only or our please shall she should so some still such than that the their them then there these they this to too two up use used uses using want wants was we were what when where which who whom whose will with without would your'.split(
    ' ',
  ),
)

/** What several words say together, and the one word that is searched instead; `$1` stands for what is between them. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/e-mail/g, 'email'],
  [/\bapps?\b/g, 'application'],
  [/\borgs?\b/g, 'organization'],
  [/\binvites\b/g, 'invitations'],
  [/\b(?:people|persons?|somebody|someone|anybody|anyone)\b/g, 'user'],
  // A reason says less than what it is the reason for.
  [/(?<=\S )because\b.*$/g, ''],
  [
    /\bwho (?:has |had |last )?(?:changed|edited|updated|modified|altered|touched|deleted|removed|created|added|disabled|enabled)\b/g,
    'changelog',
  ],
  [/\b(?:can|do|does|did|could)(?:n[’']t| not)\b|\bcannot\b/g, 'fail'],
  [/\b(?:second|two|multi)[ -]?(?:step|factor)s?\b|\b2fa\b/g, 'mfa'],
  [/\btext messages?\b/g, 'sms'],
  [/\bidentity providers?\b/g, 'idp'],
  [/\bactive directory\b/g, 'ad'],
  [/\bsecret key\b/g, 'secret'],
  [/\b(?:own|vanity) domain/g, 'custom domain'],
  [/\bget(?: me)? (?:a|an|another|some) new\b/g, 'new'],
  [/\bget(?:ting)? rid of\b|\bthrow(?:ing)? away\b|\bdo away with\b/g, 'delete'],
  [/\b(?:throw|kick)((?: [\w-]+){1,4}?) out of (?=.*\b(?:device|session|everywhere|app)s?\b)/g, 'logout $1 '],
  [/\b(?:throw|kick)((?: [\w-]+){1,4}?) (?:out|off)\b/g, 'remove $1'],
  [/\btak(?:e|ing)((?: [\w-]+){1,4}?) (?:away|off|from)\b/g, 'remove $1'],
  [/\b(?:turn|switch)(?:ed)?((?: [\w-]+){0,5}?) on or off\b/g, 'enable disable $1'],
  [/\b(?:turn|switch)(?:ed)?((?: [\w-]+){0,5}?) off\b/g, 'disable $1'],
  [/\b(?:turn|switch)(?:ed)?((?: [\w-]+){0,5}?) on\b/g, 'enable $1'],
  [/\blet((?: [\w-]+){1,5}?) (?:back in|in again|in)\b/g, 'unblock $1'],
  [/\b(?:lock|shut|keep)((?: [\w-]+){1,4}?) out\b/g, 'block $1'],
  [/\blocked[ -]out\b/g, 'lockout'],
  [/\b(?:put|bring|push)((?: [\w-]+){1,4}?) (?:in ?to production|live)\b/g, 'deploy $1'],
  [/\b(?:log|sign)(?:ged|ged|ing|ed)?[ -]?(?:in|on)\b|\blogins?\b/g, 'login'],
  [/\b(?:log|sign)(?:ged|ing|ed)?[ -]?(?:out|off)\b/g, 'logout'],
  [/\b(?:sign|signing|signed)[ -]?ups?\b/g, 'signup'],
  [/\bset(?:ting)?[ -]up\b/g, 'setup'],
  [/\b(?:look(?:ing)?|have a look) (?:at|up|into)\b/g, 'show'],
  [/\blook(?:ing)? for\b/g, 'find'],
  [/\bput((?: [\w-]+){1,3}?) in(?:to)? (?=.*\b(?:org|role|group|team|compan))/g, 'add $1 '],
  [/\bgo(?:ing)? back to\b|\broll(?:ing)? back(?: to)?\b/g, 'rollback'],
  [/\b(?:let|allow|permit)((?: [\w-]+){1,3}?) (?:to )?(?:use|call|access|talk to)\b/g, 'authorize $1'],
  [/\bstop((?: [\w-]+){1,3}?) from (?:using|calling|accessing)\b/g, 'revoke $1'],
  [/\bno longer\b|\bany ?more\b/g, ''],
  [/\bwho (?:is|are|belongs) (?:in|to)\b/g, 'who member'],
  [/\bhow many\b|\bnumber of\b/g, 'count'],
  [/\bhow long\b/g, 'lifetime'],
  [/\bsingle sign[ -]?on\b/g, 'sso'],
]

/** A text with what several words say together as one word each. */
export function withoutPhrases(text: string): string {
  return PHRASES.reduce((plain, [phrase, word]) => plain.replace(phrase, word), text.toLowerCase())
}

let countries: RegExp | undefined

/** A text with the word 'country' for each name of one. */
export function withoutCountries(text: string): string {
  countries ??= new RegExp(`\\b(?:${countryNames().join('|')})\\b`, 'giu')
  return text.replace(countries, 'country')
}

function countryNames(): readonly string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const codes = letters.flatMap((first) => letters.map((second) => first + second))
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  // Codes that users may assign have no name; the longest name first, since one may begin with another.
  return codes
    .flatMap((code) => names.of(code) ?? [])
    .map((name) => name.replace(/ [(&].*$/, '').replace(/[^\p{L}\p{N} '-]/gu, '.'))
    .filter((name) => name.length > 3)
    .sort((a, b) => b.length - a.length)
}

/** What a verb asks for: to read, to make, to change, to delete, or another write. */
const KINDS: Readonly<Record<string, string>> = {
  read: 'see show list view get read display fetch find search look query which who what where when why is are has did count lifetime inspect status',
  create: 'create make new add register invite upload write',
  update: 'change update edit set modify rename enable disable configure customize adjust pause',
  delete: 'delete remove erase purge drop clear wipe cancel',
  act: 'block ban suspend lock unblock unlock allow rotate deploy publish send revoke link unlink assign enroll verify test import stop start',
}

const METHODS: Readonly<Record<string, readonly string[]>> = {
  read: ['GET'],
  create: ['POST', 'PUT'],
  update: ['PATCH', 'PUT', 'POST'],
  delete: ['DELETE'],
  act: ['POST', 'PATCH', 'PUT', 'DELETE'],
}

/**
 * The HTTP methods that a question may mean by its first verb or question word.
 *
 * @returns Nothing where its verb says no kind, such as `block`.
 */
export function methodsMeant(text: string): readonly string[] | undefined {
  for (const word of withoutPhrases(text).split(/[^\p{L}\p{N}]+/u)) {
    const kind = Object.keys(KINDS).find((each) => KINDS[each]?.split(' ').includes(word))
    if (kind !== undefined) return METHODS[kind]
  }
  return undefined
}
