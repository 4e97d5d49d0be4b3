import { z } from 'zod';
import { findEnvironment } from '../domain/environment.ts';
import { FaultError } from '../domain/fault.ts';
import { sha256 } from '../domain/json.ts';
import { defineOperation } from '../domain/operation.ts';
import { readParts } from '../domain/read-operation.ts';
import { onePlace, placesFor } from '../domain/resolve-environment.ts';

/** What a plugin is given that exports `tool` as a function: what most operations need, from Reign itself. */
export const kit = Object.freeze({
  z,
  FaultError,
  defineOperation,
  readParts: Object.freeze({ ...readParts }),
  findEnvironment,
  onePlace,
  placesFor,
  sha256,
});
