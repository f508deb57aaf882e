/** The Camlytics API's parameters and answers: the schemas that validate and document them. Pure. */
import { z } from 'zod';
import { CAMLYTICS_ORIGINS, CAMLYTICS_TYPES } from '../../store/camlytics-index.ts';
import { once, QueryTimeValue, wholeNumber } from '../query-values.ts';

const MAX_NONCE = Number.MAX_SAFE_INTEGER;
/** A nonce is digits alone: nothing else is sure to be read alike everywhere. */
export const Nonce = z
  .string('expected a whole number: the nonce')
  .refine(isNonce, 'expected a whole number from 0 to 9007199254740991')
  .meta({ description: 'Above that of the request before; the time in seconds or milliseconds will do' });

const LocationId = once(wholeNumber().optional()).meta({
  description: 'Only this location (the number of a site)',
});
const ChannelId = once(z.string().optional()).meta({
  description: 'Only this channel; location_id is ignored',
});
const TriggerId = once(z.string().optional()).meta({
  description: 'Only this line or zone; channel_id and location_id are ignored',
});

export const LocationsQuery = z.object({ nonce: Nonce, location_id: LocationId });
export const ChannelsQuery = LocationsQuery.extend({ channel_id: ChannelId });
export const TriggersQuery = ChannelsQuery.extend({ trigger_id: TriggerId });
const Filters = {
  event_type: once(z.enum(CAMLYTICS_TYPES).optional()),
  origin: once(z.enum(CAMLYTICS_ORIGINS).optional()),
  since: once(QueryTimeValue.optional()).meta({ description: 'Events at or after this time' }),
  until: once(QueryTimeValue.optional()).meta({ description: 'Events at or before this time' }),
};
export const TypeTotalsQuery = ChannelsQuery.extend(Filters);
export const TriggerTotalsQuery = TriggersQuery.extend(Filters);
export const EventsQuery = TriggerTotalsQuery.extend({
  starting_after: once(wholeNumber().optional()).meta({ description: 'Only events that come after this id' }),
  limit: once(wholeNumber({ min: 1 }).optional()).meta({ description: '1 to 1000; 100 by default' }),
  order: once(
    z
      .string()
      .refine((text) => /^(asc|desc)$/i.test(text), 'expected asc or desc')
      .optional(),
  ).meta({ description: 'asc (default) or desc, by id' }),
});
export type EventFilters = z.infer<typeof TriggerTotalsQuery>;

function answer<T extends z.ZodType>(item: T, example: z.infer<T>) {
  return z
    .object({ code: z.literal(0), msg: z.literal('success'), result: z.array(item) })
    .meta({ example: { code: 0, msg: 'success', result: [example] } });
}

const CHANNEL = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const TRIGGER = '7c0e4a52-5d0b-8c3c-9a53-1f2f6a0a4b11';

const Location = z.object({ id: z.number().int(), name: z.string(), version: z.string(), hash: z.string() });
export const LocationsAnswer = answer(Location, {
  id: 123,
  name: 'Manhattan store',
  version: '1.0.0',
  hash: 'SwU8JH3ldduwsZoxzamSCNU9Xd/lCQGCUUQyJ/Fz9e0+Y+CTVKRvHsYZDBlsFMuVXps1UTFYea8wds6tiyEPSw==',
});
const Channel = z.object({
  id: z.string(),
  location_id: z.number().int(),
  name: z.string(),
  active: z.number().int(),
  paid: z.number().int(),
});
export const ChannelsAnswer = answer(Channel, {
  id: CHANNEL,
  location_id: 123,
  name: 'Lobby',
  active: 1,
  paid: 1,
});
const Trigger = z.object({
  id: z.string(),
  location_id: z.number().int(),
  channel_id: z.string(),
  name: z.string(),
  type: z.enum(['Line', 'Zone']),
  active: z.number().int(),
});
export const TriggersAnswer = answer(Trigger, {
  id: TRIGGER,
  location_id: 123,
  channel_id: CHANNEL,
  name: 'Enter',
  type: 'Line',
  active: 1,
});
const Event = z.object({
  id: z.number().int(),
  location_id: z.number().int(),
  channel_id: z.string(),
  trigger_id: z.string().nullable(),
  event_type: z.enum(CAMLYTICS_TYPES),
  origin: z.enum(CAMLYTICS_ORIGINS),
  object_id: z.number().int().nullable(),
  event_time: z.string(),
  snapshot_id: z.number().int(),
  record_id: z.number().int(),
});
export type WireEvent = z.infer<typeof Event>;
export const EventsAnswer = answer(Event, {
  id: 34454545,
  location_id: 123,
  channel_id: CHANNEL,
  trigger_id: TRIGGER,
  event_type: 'RegionJoin',
  origin: 'Pedestrian',
  object_id: 6,
  event_time: '2000-01-23T04:56:07.000+00:00',
  snapshot_id: 34454545,
  record_id: 948603367,
});
const TriggerTotal = z.object({
  trigger_id: z.string().nullable(),
  trigger_name: z.string(),
  location_id: z.number().int(),
  channel_id: z.string(),
  count: z.number().int(),
});
export const TriggerTotalsAnswer = answer(TriggerTotal, {
  trigger_id: TRIGGER,
  trigger_name: 'Exit',
  location_id: 423,
  channel_id: CHANNEL,
  count: 3012,
});
const TypeTotal = z.object({
  type: z.enum(CAMLYTICS_TYPES),
  channel_id: z.string(),
  count: z.number().int(),
});
export const TypeTotalsAnswer = answer(TypeTotal, {
  type: 'TripwireCrossed',
  channel_id: CHANNEL,
  count: 4712,
});

export const ErrorSchema = z
  .object({ code: z.number(), msg: z.string(), result: z.array(z.never()) })
  .meta({ example: { code: 401, msg: 'The signature is wrong.', result: [] } });

export function isNonce(text: unknown): text is string {
  return typeof text === 'string' && /^\d{1,16}$/.test(text) && Number(text) <= MAX_NONCE;
}
