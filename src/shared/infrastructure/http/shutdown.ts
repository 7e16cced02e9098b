import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Knows that the server is going down: new calls are refused, those under way are answered. */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  underWay = false;

  beforeApplicationShutdown(): void {
    this.underWay = true;
  }
}
