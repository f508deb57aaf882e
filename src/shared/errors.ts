/** The one error type of the engine: what kind of thing went wrong, in words that may be shown to the user. */

export type ErrorKind =
  | 'invalid-input' // 400: the request or file does not fit
  | 'unauthenticated' // 401: no or wrong credential
  | 'forbidden' // 403: the credential does not allow it
  | 'not-found' // 404
  | 'conflict' // 409: taken, already there, wrong state
  | 'too-large' // 413
  | 'rate-limited' // 429
  | 'unavailable' // 503: disk full, camera away, model missing
  | 'internal'; // 500

export class AppError extends Error {
  readonly kind: ErrorKind;

  /** `message` is shown to the user: no credentials, no paths of this machine that the user did not give. */
  constructor(kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.kind = kind;
  }
}

/** The words of any thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
