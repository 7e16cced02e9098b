import { createHmac } from 'node:crypto';

/** `t=…,v1=…`: one `v1` per secret that is good at the time. */
export function signatureHeader(secrets: readonly string[], body: string, timestamp: number): string {
  const signed = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  );
  return [`t=${timestamp}`, ...signed].join(',');
}
