/** Source URLs as the UI may see them: without their passwords, and back. Pure. */
import { MASKED_PASSWORD } from '../../../shared/contract-cameras.ts';
import type { Source } from '../../../shared/domain-camera.ts';
import { AppError } from '../../../shared/errors.ts';

/** Scheme and user, password, and the rest from the last `@` of the authority on. */
const CREDENTIALS = /^([a-z][a-z0-9+.-]*:\/\/[^/?#:]*:)([^/?#]*)(@.*)$/i;
/** Cameras that take a password among the parameters, separated by `&`, `;` or, as some do, by `_` within the path. */
const PARAMETER = /([?&;/_](?:password|passwd|pwd)=)([^&;/]*?)(?=_[a-z]+=|_[a-z]+\.|[&;/]|$)/gi;

/** The URL with every password replaced by `••••`. */
export function maskSourceUrl(url: string): string {
  return url
    .replace(
      CREDENTIALS,
      (_all, before: string, password: string, after: string) =>
        `${before}${password === '' ? '' : MASKED_PASSWORD}${after}`,
    )
    .replaceAll(
      PARAMETER,
      (_all, before: string, value: string) => `${before}${value === '' ? '' : MASKED_PASSWORD}`,
    );
}

/**
 * The URL with `••••` replaced by the password of the stored URL that it was made from: same scheme, user and host.
 * Throws AppError `invalid-input` when there is none: a password never goes to another host than the one it was given for.
 */
export function unmaskSourceUrl(url: string, stored: readonly string[]): string {
  const sent = decodeMask(url);
  if (!sent.includes(MASKED_PASSWORD)) return url;
  const exact = stored.find((candidate) => maskSourceUrl(candidate) === sent);
  if (exact !== undefined) return exact;
  const match = CREDENTIALS.exec(sent);
  if (match && match[2] === MASKED_PASSWORD && !match[3]!.includes(MASKED_PASSWORD)) {
    for (const candidate of stored) {
      const known = CREDENTIALS.exec(candidate);
      if (known && known[1] === match[1] && hostOf(known[3]!) === hostOf(match[3]!))
        return match[1]! + known[2]! + match[3]!;
    }
  }
  throw new AppError(
    'invalid-input',
    'The address of the camera has changed: please type its password again.',
  );
}

/** A source as the UI sends it, with the stored passwords put back. */
export function unmaskSource(source: Source, stored: readonly string[]): Source {
  return {
    ...source,
    main: unmaskSourceUrl(source.main, stored),
    ...(source.sub !== undefined && { sub: unmaskSourceUrl(source.sub, stored) }),
  };
}

/** Browsers escape the mask when they touch a URL. */
function decodeMask(url: string): string {
  return url.replaceAll(/(?:%E2%80%A2){4}/gi, MASKED_PASSWORD);
}

function hostOf(afterPassword: string): string {
  return /^@([^/?#]*)/.exec(afterPassword)![1]!.replace(/:\d+$/, '').toLowerCase();
}
