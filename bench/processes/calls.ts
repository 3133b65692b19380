/** What one process of the bench may ask another: by name, what is given and what comes back. */
export type Calls = Record<string, { given: unknown; gives: unknown }>

/** One question of the parent. */
export interface Question {
  id: number
  name: string
  given: unknown
}

/** What the child answers: `failed` says why it could not. */
export type Answer = { id: number; gives: unknown } | { id: number; failed: string }

/** What a child does for each call. */
export type Handlers<C extends Calls> = {
  [K in keyof C]: (given: C[K]['given']) => C[K]['gives'] | Promise<C[K]['gives']>
}

/** In a child: answers what its parent calls, until the parent is gone; then the process ends. */
export function serveCalls<C extends Calls>(handlers: Handlers<C>): void {
  const known = new Map(Object.entries(handlers))
  process.on('disconnect', () => process.exit(0))
  process.on('message', (question: Question) => void answer(known, question).then(tell))
  tell({ id: 0, gives: null })
}

async function answer(
  known: ReadonlyMap<string, (given: never) => unknown>,
  { id, name, given }: Question,
): Promise<Answer> {
  try {
    const handler = known.get(name)
    if (!handler) throw new Error(`Nobody answers ${name} here`)
    return { id, gives: await handler(given as never) }
  } catch (error) {
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function tell(answered: Answer): void {
  process.send?.(answered)
}
