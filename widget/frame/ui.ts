import { createContext } from 'svelte'
import type { WidgetConfig } from '../../protocol/rest.ts'
import type { Chat } from './chat.svelte.ts'
import type { Words } from './words.ts'

/** What every component of the chat may need. */
export interface Ui {
  chat: Chat
  config: WidgetConfig
  words: Words
  /** For `Intl`. */
  locale: string
}

export const [useUi, provideUi] = createContext<Ui>()
