import type { Answer } from '../api/answer.js';
import type { ApiEffect } from './rules.js';

export type Fault = ApiEffect;

const html = { 'content-type': 'text/html' };
const badGateway =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** Lets the work happen or not, and the answer arrive or not, as the fault has it. */
export async function withFault(fault: Fault | undefined, work: () => Promise<Answer>): Promise<Answer> {
  switch (fault?.kind) {
    case 'hang_before':
      return { ...empty(0), arrives: 'hang' };
    case 'reset_before':
      return { ...empty(0), arrives: 'reset' };
    case 'status_before':
      return failed(fault.status);
    case 'hang_after':
      return { ...(await work()), arrives: 'hang' };
    case 'reset_after':
      return { ...(await work()), arrives: 'reset' };
    case 'truncate_after':
      return { ...(await work()), arrives: 'truncate' };
    case 'drip':
      return { ...(await work()), arrives: { dripMs: fault.ms } };
    case 'html_502':
      if (fault.after) await work();
      return { status: 502, headers: html, body: badGateway };
    case 'json_without_error':
      if (fault.after) await work();
      return {
        status: fault.status,
        headers: {},
        body: '{"message":"upstream connect error or disconnect/reset"}',
      };
    default:
      return work();
  }
}

function failed(status: number): Answer {
  const error = { type: 'api_error', message: 'An unknown error occurred. Please try again.' };
  return { status, headers: {}, body: JSON.stringify({ error }) };
}

function empty(status: number): Answer {
  return { status, headers: {}, body: '' };
}
