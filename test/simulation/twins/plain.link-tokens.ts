import { LinkTokens } from '../../../src/modules/payments/application/ports/link-tokens.port.js';
import type { LinkId } from '../../../src/shared/domain/ids.js';

/** Tokens that hide nothing: nobody guesses them here. */
export class PlainLinkTokens extends LinkTokens {
  override async tokenOf(link: LinkId): Promise<string> {
    return link;
  }

  override async linkOf(token: string): Promise<LinkId | null> {
    return token.startsWith('link_') ? (token as LinkId) : null;
  }

  override hash(token: string): string {
    return `hash of ${token}`;
  }

  override async urlOf(link: LinkId): Promise<string> {
    return `https://pay.test/${link}`;
  }
}
