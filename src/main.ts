/** The first Node with all that the embedded log needs. The lock file brings one for Linux on x64. */
const OLDEST_NODE = 24;

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `Quittance needs Node ${OLDEST_NODE} or newer, and this is ${process.version}.\n` +
      'On Linux (x64) `npm ci` brings it; elsewhere install it from https://nodejs.org.\n',
  );
  process.exit(1);
}

const { serve } = await import('./serve.js');
await serve();
