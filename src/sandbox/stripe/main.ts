import { startStripeSandbox } from './index.js';

const { SANDBOX_PORT = '12111', DATA_DIR, SANDBOX_ADMIN_TOKEN, HOST } = process.env;

const sandbox = await startStripeSandbox({
  port: Number(SANDBOX_PORT),
  ...(HOST && { host: HOST }),
  ...(DATA_DIR && { dataDir: DATA_DIR }),
  ...(SANDBOX_ADMIN_TOKEN && { adminToken: SANDBOX_ADMIN_TOKEN }),
});

process.stdout.write(`Stripe sandbox on ${sandbox.url}
  keys       sk_test_demo_lamps (GB, gbp)  sk_test_demo_books (US, usd)  sk_test_demo_tea (JP, jpy)
  platform   sk_test_demo_platform  ca_demo_platform
  inspector  ${sandbox.url}/_sandbox?token=${sandbox.adminToken}
  state      ${DATA_DIR ?? 'not kept: set DATA_DIR'}
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0));
  });
}
