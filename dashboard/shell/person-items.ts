import { toast } from 'svelte-sonner'
import type { MenuItem } from '../parts/Menu.svelte'
import { navigate } from '../routes.ts'
import { useSession } from '../session/use-session.ts'
import { LANGUAGES, useWords, type LanguageCode } from '../words/words.svelte.ts'
import { useLanguage } from './language.svelte.ts'
import { THEMES, useTheme } from './theme.svelte.ts'

/** What somebody does about themselves: account, theme, language, leaving. While a component is made; read anew each time. */
export function usePersonItems(): () => MenuItem[] {
  const session = useSession()
  const theme = useTheme()
  const language = useLanguage()
  const { shell, common } = useWords()

  async function signOut(): Promise<void> {
    const outcome = await session.signOut()
    if (!outcome.ok) toast.error(common.unreachable)
  }

  return () => [
    { label: shell.nav.account, onselect: () => void navigate('/account') },
    ...THEMES.filter((choice) => choice !== theme.choice).map((choice) => ({
      label: `${shell.theme}: ${shell.themes[choice]}`,
      onselect: () => theme.choose(choice),
    })),
    ...Object.entries(LANGUAGES)
      .filter(([code]) => code !== language.spoken?.code)
      .map(([code, { name }]) => ({
        label: name,
        onselect: () => void language.choose(code as LanguageCode),
      })),
    { label: shell.signOut, onselect: () => void signOut() },
  ]
}
