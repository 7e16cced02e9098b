/** What is stored cannot be opened with the master key that is here. The message says what to do. */
export class VaultLocked extends Error {
  override readonly name = 'VaultLocked';
}
