import { PATH_METADATA } from '@nestjs/common/internal';
import type { ModulesContainer } from '@nestjs/core';
import { accessOf } from './access.guard.js';

export type Handler = Readonly<{ controller: { name: string }; name: string; handler: object }>;

/** Every method that answers a route. */
export function handlersIn(modules: ModulesContainer): Handler[] {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const names = Object.getOwnPropertyNames(metatype.prototype).filter((name) => name !== 'constructor');
    const methods = names.map((name) => ({ controller: metatype, name, handler: metatype.prototype[name] }));
    return methods.filter(
      ({ handler }) => typeof handler === 'function' && Reflect.hasMetadata(PATH_METADATA, handler),
    );
  });
}

/** The ones that do not say who may call them. */
export function routesWithoutAccess(modules: ModulesContainer): string[] {
  return handlersIn(modules)
    .filter(({ handler, controller }) => accessOf(handler, controller) === undefined)
    .map(({ controller, name }) => `${controller.name}.${name}`);
}
