/** The engine's routes about doors and counting, exactly as `shared/access.ts` lists them. */
import { z } from 'zod';
import { LineCountSchema, ReaderClockSchema } from '../../shared/access.ts';
import { queryString } from './api.ts';
import { request } from './http.ts';

const ReaderClocksSchema = z.array(ReaderClockSchema);
const LineCountsSchema = z.array(LineCountSchema);

export const accessApi = {
  readerClocks: (signal?: AbortSignal) => request(ReaderClocksSchema, '/reader-clocks', { signal }),
  putReaderClock: (deviceId: string, offsetSeconds: number) =>
    request(ReaderClocksSchema, `/reader-clocks/${encodeURIComponent(deviceId)}`, {
      method: 'PUT',
      body: { offsetSeconds },
    }),
  counts: (query: { fromEpochMs: number; toEpochMs: number; stepMs: number }, signal?: AbortSignal) =>
    request(LineCountsSchema, `/counts${queryString(query)}`, { signal }),
};
