// Time and CPU of one cold `import()`, in milliseconds: `node import-one.mjs tenantlab|tenantlab/sandbox|auth0`.
const [name] = process.argv.slice(2)
const [start, before] = [performance.now(), process.cpuUsage()]
await import(name)
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ ms: performance.now() - start, cpu: (user + system) / 1000 }))
