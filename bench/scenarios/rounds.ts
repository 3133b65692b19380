import { stageOf, type Bench } from '../bench.ts'
import type { ContenderName } from '../contenders.ts'
import { startProvider } from '../provider/provider.ts'
import { openRelay, type Relay, type Relayed, type RelaySettings } from '../relay-run.ts'

/** What came of all rounds, by contender. */
export type Rounds = Map<ContenderName, Relayed[]>

/**
 * Lets contenders relay in turn, round after round, while the others stand idle: a machine that is quicker now than it
 * was a minute ago is so for all of them. A first round warms them up and does not count.
 */
export async function runRounds(
  bench: Bench,
  names: readonly ContenderName[],
  settings: RelaySettings & { rounds: number },
): Promise<Rounds> {
  const provider = await startProvider(settings.rate, bench.beside)
  const relays: [ContenderName, Relay][] = []
  const came: Rounds = new Map(names.map((name) => [name, []]))
  try {
    for (const name of names) {
      const stage = { ...stageOf(bench, name), provider }
      relays.push([name, await openRelay(bench.contenders[name], settings, stage, bench.beside)])
    }
    for (let round = 0; round <= settings.rounds; round++) {
      for (const [name, relay] of round % 2 === 0 ? relays : relays.toReversed()) {
        const relayed = await relay.round()
        bench.say(lineOf(round, name, relayed))
        if (round > 0) came.get(name)?.push(relayed)
      }
    }
  } finally {
    await Promise.all(relays.map(([, relay]) => relay.close()))
    await provider.end()
  }
  return came
}

function lineOf(round: number, name: string, relayed: Relayed): string {
  const { cpuPerToken, latency, keptUp, restarts, faults } = relayed
  const parts = [
    (round === 0 ? 'warm-up' : `round ${round}`).padEnd(9),
    name.padEnd(13),
    `${cpuPerToken.toFixed(1)} us of CPU per token`,
    `p99 ${latency.p99.toFixed(1)} ms`,
  ]
  if (keptUp < 0.99) parts.push(`${Math.round(keptUp * 100)}% kept up with`)
  if (restarts > 0) parts.push(`${restarts} begun anew`)
  if (faults.length > 0) parts.push(`FAULTS: ${faults.slice(0, 3).join('; ')}`)
  return parts.join('  ')
}
