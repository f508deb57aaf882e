/** The engine's routes for accounts, as `shared/accounts.ts` lists them. */
import { z } from 'zod';
import {
  type AccountChangeSchema,
  AccountViewSchema,
  type NewAccountSchema,
  type OwnPasswordSchema,
} from '../../shared/accounts.ts';
import { request, requestNothing } from './http.ts';

export const accountsApi = {
  accounts: (signal?: AbortSignal) => request(z.array(AccountViewSchema), '/accounts', { signal }),
  addAccount: (body: z.input<typeof NewAccountSchema>) =>
    request(AccountViewSchema, '/accounts', { method: 'POST', body }),
  changeAccount: (id: number, body: z.input<typeof AccountChangeSchema>) =>
    request(AccountViewSchema, `/accounts/${id}`, { method: 'PATCH', body }),
  deleteAccount: (id: number) => requestNothing(`/accounts/${id}`, { method: 'DELETE' }),
  changePassword: (body: z.input<typeof OwnPasswordSchema>) =>
    requestNothing('/session/password', { method: 'PUT', body }),
};
