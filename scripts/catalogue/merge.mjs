// Works on the shapes of all types together: inheritance that holds, equal types made one, what requests reach.

/** Replaces combined shapes by interfaces: `extends` where all agrees, one flat list of members where two parts contradict. */
export function flatten(shapes) {
  const done = new Set()
  const allMembers = (name) => {
    settle(name)
    const shape = shapes.get(name)
    return [...shape.bases.flatMap(allMembers), ...shape.members]
  }
  const settle = (name) => {
    if (done.has(name)) return
    done.add(name)
    const shape = shapes.get(name)
    if (shape.kind !== 'combined') return
    const bases = shape.bases.filter((base) => {
      settle(base)
      return shapes.get(base).kind === 'interface'
    })
    if (bases.length < shape.bases.length)
      throw new Error(`${name} combines something that is no object: ${shape.bases.join(', ')}.`)
    const seen = new Map()
    let contradiction = false
    for (const member of [...bases.flatMap(allMembers), ...shape.members]) {
      const before = seen.get(member.key)
      if (before !== undefined && (before.type !== member.type || before.optional !== member.optional))
        contradiction = true
      seen.set(member.key, before === undefined ? member : { ...member, optional: before.optional && member.optional })
    }
    const own = [...new Map(shape.members.map((member) => [member.key, member])).values()]
    shapes.set(
      name,
      contradiction
        ? { kind: 'interface', bases: [], members: [...seen.values()] }
        : { kind: 'interface', bases, members: own },
    )
  }
  for (const name of [...shapes.keys()]) settle(name)
}

/** Groups names whose types are the same once the types they use are the same. */
export function deduplicate(shapes, single) {
  let canonical = new Map([...shapes.keys()].map((name) => [name, name]))
  let groups
  for (;;) {
    const text = (value) => value.replace(/@\{([^}]+)\}/g, (_, name) => `@{${canonical.get(name)}}`)
    groups = new Map()
    for (const [name, shape] of shapes) {
      const own = single.has(name) ? `${name} ` : ''
      const key =
        own +
        (shape.kind === 'alias'
          ? text(shape.text)
          : `${shape.bases.map((base) => canonical.get(base)).join()}{${shape.members
              .map((member) => `${member.key}${member.optional ? '?' : ''}:${text(member.type)}`)
              .sort()
              .join(';')}}`)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [name])
      else group.push(name)
    }
    const next = new Map()
    const byRepresentative = new Map()
    for (const group of groups.values()) {
      const representative = [...group].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0]
      byRepresentative.set(representative, group)
      for (const name of group) next.set(name, representative)
    }
    const settled = [...next].every(([name, representative]) => canonical.get(name) === representative)
    canonical = next
    if (settled) return { canonical, groups: byRepresentative }
  }
}

/** Names that texts reach through shapes; `canonical` says which shape stands for a name. */
export function reachable(texts, shapes, canonical) {
  const found = new Set()
  const visit = (text) => {
    for (const [, name] of (text ?? '').matchAll(/@\{([^}]+)\}/g)) add(name)
  }
  const add = (name) => {
    const representative = canonical(name)
    if (found.has(representative)) return
    found.add(representative)
    const shape = shapes.get(representative)
    if (shape.kind === 'alias') visit(shape.text)
    else {
      shape.bases.forEach(add)
      for (const member of shape.members) visit(member.type)
    }
  }
  texts.forEach(visit)
  return found
}

/**
 * Leaves shapes open only below a body, where a field that the document does not name must pass the compiler. Answers
 * never say so, nor do bodies themselves: a misspelt field should be seen.
 */
export function closeAnswers(bodies, shapes) {
  const below = reachable(bodies, shapes, (name) => name)
  const whole = new Set(bodies.map((text) => /^@\{([^}]+)\}$/.exec(text ?? '')?.[1]))
  for (const [name, shape] of shapes) if (shape.open && (!below.has(name) || whole.has(name))) shape.open = false
}
