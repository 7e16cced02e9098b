import fc from 'fast-check';

/** The same examples at every run: what is green once stays green. `SEED=… npm test` tries others. */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20261124) });
