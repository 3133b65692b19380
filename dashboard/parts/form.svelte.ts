import { toast } from 'svelte-sonner'
import { tellFailure } from '../api/tell-failure.ts'
import { useWords } from '../words/words.svelte.ts'

/** How a form's values are sent: what makes of those that are kept those that are wanted. Resolves with what is kept then. */
export type Send<D> = (kept: D, wanted: D) => Promise<D>

/**
 * Values that a person changes and saves. While they are on their way they count as kept; where the server refuses, they
 * are as unsaved as before. What was saved can be undone for as long as the note about it stands.
 */
export class Form<D extends object> {
  draft = $state() as D
  kept = $state.raw() as D
  busy = $state(false)
  failure = $state.raw<unknown>(null)
  readonly isChanged = $derived(!isSame(this.draft, this.kept))
  readonly #send: Send<D>
  readonly #say: Said

  constructor(kept: D, send: Send<D>, say: Said) {
    this.kept = kept
    this.draft = copy(kept)
    this.#send = send
    this.#say = say
  }

  discard(): void {
    this.draft = copy(this.kept)
    this.failure = null
  }

  async save(): Promise<boolean> {
    const before = this.kept
    if (!(await this.#keep(copy(this.draft)))) return false
    toast.success(this.#say.saved, {
      action: { label: this.#say.undo, onClick: () => void this.#undo(before) },
    })
    return true
  }

  async #undo(before: D): Promise<void> {
    if (await this.#keep(before)) toast(this.#say.undone)
    else toast.error(this.#say.failed(this.failure))
  }

  async #keep(wanted: D): Promise<boolean> {
    const before = this.kept
    this.kept = wanted
    this.busy = true
    this.failure = null
    try {
      this.kept = await this.#send(before, wanted)
      this.draft = copy(this.kept)
      return true
    } catch (failure) {
      this.kept = before
      this.failure = failure
      return false
    } finally {
      this.busy = false
    }
  }
}

interface Said {
  saved: string
  undo: string
  undone: string
  failed: (failure: unknown) => string
}

/** While a component is made. `saved`: what is said when it was. */
export function createForm<D extends object>(kept: D, send: Send<D>, saved?: string): Form<D> {
  const words = useWords()
  return new Form(kept, send, {
    saved: saved ?? words.common.saved,
    undo: words.common.undo,
    undone: words.forms.undone,
    failed: (failure) => tellFailure(failure, words),
  })
}

function copy<D extends object>(values: D): D {
  return JSON.parse(JSON.stringify(values)) as D
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
