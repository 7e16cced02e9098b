import type { LinkId } from '../../../../shared/domain/ids.js';

/** The secret part of a customer's URL: derived from a server key, so that it never needs to be stored. */
export abstract class LinkTokens {
  abstract tokenOf(link: LinkId): Promise<string>;
  /** The link a token belongs to; null for one that was not made here. */
  abstract linkOf(token: string): Promise<LinkId | null>;
  /** SHA-256, hex: what is stored of a token. */
  abstract hash(token: string): string;
  /** The customer's URL, `…/pay/{token}`. */
  abstract urlOf(link: LinkId): Promise<string>;
}
