// Chooses the exported name of each group of equal types: a name set by hand, else a schema's name without the words
// that only say where it is used, else the schema's name.

/** Exported names by representative. `groups`: representative → names of all members. */
export function nameGroups(groups, { typeNames, reservedTypeNames }) {
  const taken = new Set(reservedTypeNames)
  const members = new Set([...groups.values()].flat())
  const stale = Object.keys(typeNames).find((name) => !members.has(name))
  if (stale !== undefined)
    throw new Error(`corrections.mjs names ${stale} in typeNames; no type has that schema. Remove it.`)
  const names = new Map()
  const originals = new Map(
    [...groups].flatMap(([representative, members]) => members.map((name) => [name, representative])),
  )
  const ordered = [...groups.keys()].sort()

  for (const representative of ordered) {
    const forced = groups
      .get(representative)
      .map((name) => typeNames[name])
      .find((name) => name !== undefined)
    if (forced === undefined) continue
    if (taken.has(forced)) throw new Error(`Two types would be called ${forced}. Change typeNames in corrections.mjs.`)
    taken.add(forced)
    names.set(representative, forced)
  }
  const free = (candidate, representative) =>
    !taken.has(candidate) && (originals.get(candidate) ?? representative) === representative
  for (const representative of ordered) {
    if (names.has(representative)) continue
    const members = groups.get(representative)
    const candidates = [...members.map(entityName), ...members.map(shortName), ...members].filter(
      (name) => name !== undefined,
    )
    const best = [
      ...members.map(entityName).filter(Boolean).sort(byLength),
      ...[...members.map(shortName)].sort(byLength),
      ...[...members].sort(byLength),
    ].find((name) => free(name, representative))
    if (best === undefined)
      throw new Error(
        `No free name for ${members.join(', ')} (tried ${candidates.join(', ')}). Add one to typeNames in corrections.mjs.`,
      )
    taken.add(best)
    names.set(representative, best)
  }
  return names
}

const byLength = (a, b) => a.length - b.length || (a < b ? -1 : 1)

// GetHookResponseContent, CreateHookResponseContent → Hook
function entityName(name) {
  return /^(?:Get|Create|Update|Set|Patch|Rotate|Add)([A-Z]\w*)Response(?:Content|Schema|Payload)?$/.exec(name)?.[1]
}

// CreateHookRequestContent → CreateHook; ActionTriggerTypeEnum → ActionTriggerType
function shortName(name) {
  return name
    .replace(/RequestContent$/, '')
    .replace(/ResponseContent$/, 'Response')
    .replace(/Enum$/, '')
    .replace(/(Response)?Schema$/, '')
}
