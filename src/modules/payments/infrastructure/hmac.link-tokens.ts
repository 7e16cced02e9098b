import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretVault } from '../../../shared/application/ports/secret-vault.port.js';
import { Streams } from '../../../shared/application/streams.js';
import { bareId, type LinkId } from '../../../shared/domain/ids.js';
import { Config } from '../../../shared/infrastructure/config/config.js';
import { LinkTokens } from '../application/ports/link-tokens.port.js';
import { paymentLinkAggregate } from '../domain/payment-link.js';

const ID_BYTES = 16;
const MAC_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{64}$/;

/** A token is the link's id and 256 bits of HMAC-SHA256 over it, base64url: unguessable, and made again at will. */
@Injectable()
export class HmacLinkTokens extends LinkTokens {
  constructor(
    private readonly vault: SecretVault,
    private readonly config: Config,
    private readonly streams: Streams,
  ) {
    super();
  }

  override async tokenOf(link: LinkId): Promise<string> {
    const id = Buffer.from(bareId(link), 'hex');
    return Buffer.concat([id, await this.#mac(id)]).toString('base64url');
  }

  override async linkOf(token: string): Promise<LinkId | null> {
    const isToken = TOKEN.test(token);
    const bytes = isToken ? Buffer.from(token, 'base64url') : Buffer.alloc(ID_BYTES + MAC_BYTES);
    const id = bytes.subarray(0, ID_BYTES);
    const isOurs = timingSafeEqual(bytes.subarray(ID_BYTES), await this.#mac(id));
    if (!isToken) return null;
    const link: LinkId = `link_${id.toString('hex')}`;
    return isOurs || (await this.#isKept(link, token)) ? link : null;
  }

  override hash(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }

  override async urlOf(link: LinkId): Promise<string> {
    return `${this.config.publicUrl}/pay/${await this.tokenOf(link)}`;
  }

  /** Made under a server key that was lost since: the log still has the hash of every token that was given out. */
  async #isKept(link: LinkId, token: string): Promise<boolean> {
    const { state } = await this.streams.load(paymentLinkAggregate, link);
    if (state.status === 'none') return false;
    const [kept, given] = [state.tokenHash, this.hash(token)].map((hash) => Buffer.from(hash));
    return kept !== undefined && given?.length === kept.length && timingSafeEqual(kept, given);
  }

  async #mac(id: Buffer): Promise<Buffer> {
    return createHmac('sha256', await this.vault.key('payment-links'))
      .update(id)
      .digest();
  }
}
