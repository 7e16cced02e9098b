import { SetMetadata } from '@nestjs/common';
import type { Scope as ScopeName } from '../../domain/scope.js';

export const ACCESS = 'quittance:access';

/** Who may call a route. A route that says nothing is called by no one, and stops the server from starting. */
export type Access = Readonly<{ scope: ScopeName }> | 'public';

/** The route needs an API key with this scope. */
export const Scope = (scope: ScopeName) => SetMetadata(ACCESS, { scope } satisfies Access);

/** Anyone may call the route. */
export const Public = () => SetMetadata(ACCESS, 'public' satisfies Access);
