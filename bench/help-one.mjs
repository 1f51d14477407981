// CPU of `tenantlab help` in milliseconds, without what Node itself takes to start.
const written = process.stdout.write.bind(process.stdout)
let said = ''
process.stdout.write = (text) => {
  said += text
  return true
}
process.argv = [process.argv[0], 'tenantlab', 'help']
process.once('beforeExit', () => {
  if (!said.includes('tenantlab help COMMAND')) throw new Error(`tenantlab help said: ${said}`)
  const { user, system } = process.cpuUsage(before)
  written(`${JSON.stringify({ cpu: (user + system) / 1000 })}\n`)
})
const before = process.cpuUsage()
await import('../dist/cli.js')
