/** How to get a detector where there is none: what an empty list of events must say. */
import { api } from './api.ts';
import { useResource } from './resource.ts';

/** Of those who may do something about it: null while a detector is in use, while not known, and while it is not `wanted`. */
export function useModelAdvice(wanted: boolean): string | null {
  return useResource(wanted ? 'model-advice' : null, api.health).value?.modelAdvice ?? null;
}
