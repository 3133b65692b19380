/** A question of a visitor, and what a good answer to it is: judged by plain checks, the same for every model. */
export interface Question {
  /** Short and unique within its language. */
  id: string
  /** What the visitor writes; of several messages the last one's answer is judged. */
  says: readonly string[]
  /** Each must be in the answer. */
  mentions?: readonly RegExp[]
  /** None may be in the answer. */
  avoids?: readonly RegExp[]
  /** The title of the passage that must be among its sources; null: it may have none. */
  source?: string | null
  /** Nothing in the knowledge answers it: it must say so. */
  unknown?: true
}

export type EvalLanguage = 'en' | 'he'
