import { getContext, setContext, untrack } from 'svelte'

/** Something to do or a place to go, in the palette and by keys. */
export interface Command {
  id: string
  label: string
  /** One key, or two in a row: `g l`. Letters are those of an English keyboard, whatever language is on. */
  keys?: string
  run: () => unknown
}

/** What can be done where the person is: each page offers its own while it stands. */
export class Commands {
  #sources = $state.raw<readonly (() => Command[])[]>([])

  /** All of the pages'; the latest page first. */
  get here(): Command[] {
    return this.#sources.flatMap((source) => source())
  }

  /** Returns what takes them away. */
  offer(source: () => Command[]): () => void {
    this.#sources = [source, ...this.#sources]
    return () => (this.#sources = this.#sources.filter((one) => one !== source))
  }
}

const KEY = Symbol('commands')

export function provideCommands(commands: Commands): void {
  setContext(KEY, commands)
}

/** While a component is made. */
export function allCommands(): Commands {
  return getContext<Commands>(KEY)
}

/** Offers these for as long as the component stands; what `source` reads keeps them up to date. */
export function useCommands(source: () => Command[]): void {
  const commands = allCommands()
  $effect.pre(() => untrack(() => commands.offer(source)))
}
