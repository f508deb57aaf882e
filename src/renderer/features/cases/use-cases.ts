/** Cases, kept up as they change on whichever screen. */
import { useEffect } from 'react';
import type { CaseDetail, CaseView } from '../../../shared/cases.ts';
import { casesApi } from '../../client/cases-api.ts';
import { type Resource, useResource } from '../../client/resource.ts';
import { onServerMessage } from '../../client/server-events.ts';

/** Those changed last first. */
export function useCases(state: 'open' | 'closed', text = ''): Resource<CaseView[]> {
  const cases = useResource(`cases ${state} ${text}`, (signal) =>
    casesApi.cases({ state, ...(text && { text }) }, signal),
  );
  useCaseChanges(cases.refresh);
  return cases;
}

export function useCase(id: string): Resource<CaseDetail> {
  const one = useResource(`case ${id}`, (signal) => casesApi.case(id, signal));
  useCaseChanges(one.refresh);
  return one;
}

function useCaseChanges(refresh: () => void): void {
  useEffect(() => onServerMessage(({ kind }) => kind === 'cases-changed' && refresh()), [refresh]);
}
