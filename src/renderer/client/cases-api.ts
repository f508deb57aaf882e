/** Cases, as `shared/cases.ts` lists their routes. */
import { z } from 'zod';
import {
  CaseDetailSchema,
  type CaseExportInputSchema,
  type CaseInputSchema,
  type CaseItemInputSchema,
  type CasePatchSchema,
  type CaseQuerySchema,
  CaseViewSchema,
} from '../../shared/cases.ts';
import { ExportJobSchema } from '../../shared/contract-exports.ts';
import { queryString } from './api.ts';
import { request, requestNothing } from './http.ts';

const CaseViewsSchema = z.array(CaseViewSchema);

export const casesApi = {
  cases: (query: z.input<typeof CaseQuerySchema>, signal?: AbortSignal) =>
    request(CaseViewsSchema, `/cases${queryString(query)}`, { signal }),
  case: (id: string, signal?: AbortSignal) => request(CaseDetailSchema, `/cases/${id}`, { signal }),
  addCase: (body: z.input<typeof CaseInputSchema>) =>
    request(CaseDetailSchema, '/cases', { method: 'POST', body }),
  patchCase: (id: string, body: z.input<typeof CasePatchSchema>) =>
    request(CaseDetailSchema, `/cases/${id}`, { method: 'PATCH', body }),
  removeCase: (id: string) => requestNothing(`/cases/${id}`, { method: 'DELETE' }),
  addCaseItem: (id: string, body: z.input<typeof CaseItemInputSchema>) =>
    request(CaseDetailSchema, `/cases/${id}/items`, { method: 'POST', body }),
  removeCaseItem: (id: string, itemId: string) =>
    request(CaseDetailSchema, `/cases/${id}/items/${itemId}`, { method: 'DELETE' }),
  exportCase: (id: string, body: z.input<typeof CaseExportInputSchema>) =>
    request(ExportJobSchema, `/cases/${id}/export`, { method: 'POST', body }),
};
