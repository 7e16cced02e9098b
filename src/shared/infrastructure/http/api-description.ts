import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ApiDocument } from './openapi.js';

/** The API's own description. Made when first asked for: its library is not loaded before. */
@Injectable()
export class ApiDescription {
  private app: NestFastifyApplication | undefined;
  private made: Promise<ApiDocument> | undefined;

  describes(app: NestFastifyApplication): void {
    this.app = app;
  }

  document(): Promise<ApiDocument> {
    this.made ??= this.make();
    return this.made;
  }

  private async make(): Promise<ApiDocument> {
    if (!this.app) throw new Error('configureHttp was not called');
    const { describeApi } = await import('./openapi.js');
    return describeApi(this.app);
  }
}
