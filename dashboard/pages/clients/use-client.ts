import { createQuery } from '@tanstack/svelte-query'
import { useApi } from '../../api/api.ts'
import { route } from '../../routes.ts'

/** The client that the address names, which its layout has loaded. While a component is made. */
export function useClient() {
  const api = useApi()
  const client_id = route.params.client_id ?? ''
  const params = { client_id }
  const query = createQuery(() => api.query('GET /api/admin/clients/:client_id', { params }))
  return { client_id, params, query }
}
