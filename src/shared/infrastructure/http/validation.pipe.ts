import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.js';
import { faultsOf, Invalid } from './faults.js';

/**
 * Every part of a request against its schema. The first fault does not hide the others.
 * An id in an address that cannot be one is an address that is not there.
 */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => new Invalid(faultsOf(issues)) });
  }

  /** Names that reach a prototype are refused like other unknown ones, never dropped in silence. */
  protected override stripProtoKeys(): void {}

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (!metadata.schema) return value;
    if (metadata.type === 'body') return super.transform(value ?? ({} as T), metadata);
    if (metadata.type !== 'param') return super.transform(value, metadata);
    try {
      return await super.transform(value, metadata);
    } catch (failure) {
      if (!(failure instanceof Invalid)) throw failure;
      if (makes(metadata.schema)) throw under(`/${metadata.data}`, failure);
      throw new Refusal('not_found', 'There is no such thing here.');
    }
  }
}

/** `.meta({ 'x-makes': true })` on a path's schema: the id is made by this call, so a fault in it is worth telling. */
function makes(schema: object): boolean {
  return schema instanceof z.ZodType && schema.meta()?.['x-makes'] === true;
}

function under(pointer: string, { faults }: Invalid): Invalid {
  return new Invalid(faults.map((fault) => ({ ...fault, pointer: pointer + fault.pointer })));
}
