/** Sends one mail by SMTP. Knows nothing of rules. */
import { createTransport } from 'nodemailer';
import { AppError, messageOf } from '../../../shared/errors.ts';
import type { MailSettings } from '../../../shared/notifications.ts';

export interface Mail {
  to: readonly string[];
  subject: string;
  text: string;
  /** A JPEG beside the text. */
  picture?: Buffer | undefined;
}

const CONNECT_MS = 10_000;
const SOCKET_MS = 20_000;

/** Resolves with the server's answer. Throws AppError `unavailable` in words, without the password. */
export async function sendMail(settings: MailSettings, password: string | null, mail: Mail): Promise<string> {
  const { host, port, security, user, from } = settings;
  const transport = createTransport({
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls' },
    ignoreTLS: security === 'none',
    ...(user !== '' && { auth: { user, pass: password ?? '' } }),
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SOCKET_MS },
    // Mails hold only what is given here: nothing is read from files or fetched.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  try {
    const { response } = await transport.sendMail({
      ...{ from: { name: 'Threshold NVR', address: from }, to: [...mail.to] },
      ...{ subject: mail.subject.replaceAll(/\s+/g, ' '), text: mail.text },
      attachments: mail.picture ? [{ filename: 'picture.jpg', content: mail.picture }] : [],
    });
    return response;
  } catch (cause) {
    throw new AppError('unavailable', wordsOf(cause), { cause });
  } finally {
    transport.close();
  }
}

function wordsOf(cause: unknown): string {
  const { code, response } = (cause ?? {}) as { code?: string; response?: string };
  if (code === 'EAUTH') return 'The mail server refuses this user name and password.';
  if (code === 'ETLS') return 'The mail server does not offer encryption (STARTTLS) on this port.';
  if (code === 'EDNS' || code === 'ENOTFOUND') return 'The mail server’s name is not known.';
  if (code === 'ECONNECTION' || code === 'ESOCKET' || code === 'ECONNREFUSED' || code === 'ETIMEDOUT')
    return `The mail server cannot be reached: ${messageOf(cause)}`;
  return `The mail server answered: ${response ?? messageOf(cause)}`;
}
