import { expect, test } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { anEdge } from '../../../../test/support/an-edge.js';
import { Scope } from './access.js';

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  look() {
    return {};
  }
  @Get('told')
  @Scope('orders:read')
  told() {
    return {};
  }
}

test('a route that does not say who may call it keeps the server from starting', async () => {
  await expect(anEdge([ForgottenController])).rejects.toThrow(
    'routes without @Scope or @Public: ForgottenController.look',
  );
});
