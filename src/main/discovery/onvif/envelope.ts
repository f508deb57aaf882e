/** SOAP 1.2 envelopes as ONVIF uses them, with a WS-Security UsernameToken digest, and their answers. Pure. */
import { createHash } from 'node:crypto';
import type { Credentials } from '../../media/rtsp/auth.ts';
import { attributeParser, escapeXml, findAll, findFirst, textOf, type XmlNode } from '../xml.ts';

/** What a UsernameToken is made with; the time is the device's own, as it refuses tokens that are minutes off. */
export interface TokenInput extends Credentials {
  nonce: Buffer;
  createdEpochMs: number;
}

export function buildEnvelope(body: string, token: TokenInput | null): string {
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>${token ? securityHeader(token) : ''}</s:Header><s:Body xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema">${body}</s:Body></s:Envelope>`;
}

/** Password_Digest = Base64(SHA-1(nonce + created + password)): WS-Security UsernameToken Profile 1.0, 3.1. */
export function passwordDigest(nonce: Buffer, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(created, 'utf8').update(password, 'utf8').digest('base64');
}

function securityHeader({ user, password, nonce, createdEpochMs }: TokenInput): string {
  const created = new Date(createdEpochMs).toISOString();
  const secext = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
  const utility = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
  const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
  const encoding =
    'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
  return `<Security s:mustUnderstand="1" xmlns="${secext}"><UsernameToken><Username>${escapeXml(user)}</Username><Password Type="${profile}#PasswordDigest">${passwordDigest(nonce, created, password)}</Password><Nonce EncodingType="${encoding}">${nonce.toString('base64')}</Nonce><Created xmlns="${utility}">${created}</Created></UsernameToken></Security>`;
}

export type SoapResult =
  | { ok: true; body: XmlNode }
  /** `refused`: the account is wrong, or may not do that. */
  | { ok: false; refused: boolean; words: string };

/** What an answer says; a fault in the device's own words. */
export function readEnvelope(status: number, xml: string): SoapResult {
  let root: unknown = null;
  try {
    root = attributeParser.parse(xml);
  } catch {
    // told below
  }
  const body = findAll(root, 'Body')[0];
  const fault = body && findAll(body, 'Fault')[0];
  if (fault) {
    const codes = findAll(fault, 'Value').map(textOf).join(' ');
    const reason = textOf(findFirst(fault, 'Reason').Text) || textOf(fault.faultstring) || 'no reason given';
    const refused = status === 401 || /NotAuthorized|FailedAuthentication|OperationProhibited/i.test(codes);
    return { ok: false, refused, words: reason.slice(0, 200) };
  }
  if (status === 401 || status === 403) return { ok: false, refused: true, words: `status ${status}` };
  if (!body || status < 200 || status > 299) return { ok: false, refused: false, words: `status ${status}` };
  return { ok: true, body };
}
