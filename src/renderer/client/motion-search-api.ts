/** Searches for motion in a part of the picture, as `shared/motion-search.ts` lists their routes. */
import { type MotionSearchInput, MotionSearchSchema } from '../../shared/motion-search.ts';
import { request, requestNothing } from './http.ts';

export const motionSearchApi = {
  add: (body: MotionSearchInput) =>
    request(MotionSearchSchema, '/archive/motion-searches', { method: 'POST', body }),
  get: (id: string, signal?: AbortSignal) =>
    request(MotionSearchSchema, `/archive/motion-searches/${id}`, { signal }),
  remove: (id: string) => requestNothing(`/archive/motion-searches/${id}`, { method: 'DELETE' }),
};
