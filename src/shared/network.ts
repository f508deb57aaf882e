/** The contract of where the recorder listens, and of its certificate. */
import { z } from 'zod';

// GET    /network                             → NetworkView
// PUT    /network             NetworkInput    → NetworkChange: it listens there as well, and goes back unless that is kept within 60 s
// POST   /network/keep                        → NetworkView; only over the new address: who asks has reached it. 409 where nothing is on trial
// DELETE /network/trial                       → NetworkView: back at once
// POST   /network/certificate                 → NetworkView: the recorder makes itself a new certificate
// GET    /network/certificate.pem             → the certificate of the recorder, for browsers to trust
// POST   /session/handover    HandoverInput   → SessionView: signs in at the new address who changed it

/** Within this time a change is confirmed at its new address, or undone. */
export const TRIAL_MS = 60_000;

/** `computer`: only this computer itself; `network`: every address of it; `address`: one of them. */
export const REACHES = ['computer', 'network', 'address'] as const;
export type Reach = (typeof REACHES)[number];

export const NetworkSettingsSchema = z.object({
  reach: z.enum(REACHES),
  /** IP address of this computer; null unless `reach` is `address`. */
  address: z.union([z.ipv4(), z.ipv6()]).nullable(),
  port: z.number().int().min(1).max(65_535),
  /** Which certificate HTTPS is spoken with; `none`: HTTP. */
  certificate: z.enum(['none', 'generated', 'own']),
  /** What becomes of HTTP at the same port where HTTPS is spoken: nothing, or browsers are led on. */
  plainHttp: z.enum(['off', 'redirect']),
});
export type NetworkSettings = z.infer<typeof NetworkSettingsSchema>;

const PEM = z.string().min(1).max(100_000);
export const OwnCertificateInputSchema = z.object({
  /** PEM: the certificate of this recorder first, then those that vouch for it. */
  chain: PEM,
  /** PEM. */
  key: PEM,
  /** Of an encrypted key; it is not kept. */
  passphrase: z.string().max(1000).optional(),
});
export type OwnCertificateInput = z.infer<typeof OwnCertificateInputSchema>;

export const NetworkInputSchema = NetworkSettingsSchema.extend({
  /** Absent: the stored one stays. */
  own: OwnCertificateInputSchema.optional(),
}).refine(({ reach, address }) => reach !== 'address' || address !== null, 'an address is to be chosen');
export type NetworkInput = z.infer<typeof NetworkInputSchema>;

export const CertificateViewSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  /** Host names and addresses that it is for. */
  names: z.array(z.string()),
  /** SHA-256, as browsers show it. */
  fingerprint: z.string(),
  fromEpochMs: z.number(),
  untilEpochMs: z.number(),
});
export type CertificateView = z.infer<typeof CertificateViewSchema>;

export const NetworkViewSchema = z.object({
  /** As stored; where nothing is, what is done then. */
  settings: NetworkSettingsSchema,
  /** `--listen` of the command line, which outranks address and port of the settings; null where it was not given. */
  flag: z.string().nullable(),
  /** Where the web UI can be opened now. */
  urls: z.array(z.string()),
  /** Addresses of this computer that other computers may reach. */
  addresses: z.array(z.object({ address: z.string(), interfaceName: z.string() })),
  certificates: z.object({
    generated: CertificateViewSchema.nullable(),
    own: CertificateViewSchema.nullable(),
  }),
  /** Why it does not listen where the settings say, or what its certificate lacks; in words. */
  notice: z.string().nullable(),
  /** A change that is not confirmed yet. */
  trial: z
    .object({
      settings: NetworkSettingsSchema,
      /** Until it is undone; a browser's clock need not be the recorder's. */
      leftMs: z.number(),
      urls: z.array(z.string()),
      /** Whether this request reached the new address: then it can be kept from here. */
      isReached: z.boolean(),
    })
    .nullable(),
});
export type NetworkView = z.infer<typeof NetworkViewSchema>;

export const NetworkChangeSchema = z.object({
  view: NetworkViewSchema,
  /** Where the page is to go on, with the one-time ticket that signs in there; null: it can be kept from here. */
  leadUrl: z.string().nullable(),
  /** Fingerprint of the certificate that the browser will be shown; null over HTTP. */
  fingerprint: z.string().nullable(),
});
export type NetworkChange = z.infer<typeof NetworkChangeSchema>;

export const HandoverInputSchema = z.object({ ticket: z.string().min(1).max(100) });
