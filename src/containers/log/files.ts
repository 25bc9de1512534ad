import { messageOf } from '../../errors.ts';
import type { LogOptions } from './driver.ts';
import { parseBool, parseInteger, parseSize } from './go-values.ts';

/** When a log file is rotated, and what becomes of it. */
export interface FileLimits {
  maxSizeBytes: number;
  /** With the one being written. */
  maxFiles: number;
  compress: boolean;
}

/**
 * Of json-file logs without `max-size`, which the reference lets grow until the disk is full: half a gigabyte at most.
 */
const defaultLimits = { maxSizeBytes: 100_000_000, maxFiles: 5 };

/** @throws an error in the reference's words */
export function jsonFileLimits(options: LogOptions): FileLimits {
  const size = options['max-size'] === undefined ? undefined : parseSize(options['max-size'], 1000);
  if (size === 0) throw new Error('max-size must be a positive number');
  const files = options['max-file'] === undefined ? 1 : parseInteger(options['max-file']);
  if (files < 1) throw new Error('max-file cannot be less than 1');
  const compress = options['compress'] !== undefined && parseBool(options['compress']);
  if (compress && (files < 2 || size === undefined))
    throw new Error('compress cannot be true when max-file is less than 2 or max-size is not set');
  if (size !== undefined) return { maxSizeBytes: size, maxFiles: files, compress };
  return { ...defaultLimits, maxFiles: files > 1 ? files : defaultLimits.maxFiles, compress };
}

const localDefaults: FileLimits = { maxSizeBytes: 20 * 1024 * 1024, maxFiles: 5, compress: true };

/** @throws an error in the reference's words */
export function localLimits(options: LogOptions): FileLimits {
  const read = <T>(name: string, parse: (text: string) => T, otherwise: T): T => {
    const text = options[name];
    if (text === undefined) return otherwise;
    try {
      return parse(text);
    } catch (error) {
      const prefix =
        name === 'compress' ? 'error reading compress log option' : `invalid value for ${name}: ${text}`;
      throw new Error(`${prefix}: ${messageOf(error)}`, { cause: error });
    }
  };
  const maxSizeBytes = read('max-size', (text) => parseSize(text, 1000), localDefaults.maxSizeBytes);
  const maxFiles = read('max-file', parseInteger, localDefaults.maxFiles);
  const compress = read('compress', parseBool, localDefaults.compress);
  if (maxFiles < 0) throw new Error('max file count cannot be negative');
  if (compress && maxFiles <= 1) throw new Error('compression cannot be enabled when max file count is 1');
  return { maxSizeBytes, maxFiles: Math.max(1, maxFiles), compress };
}

/** Of what is kept here of a log that goes elsewhere. The reference takes any value for these at create and start. */
export function cacheLimits(options: LogOptions): FileLimits {
  const read = <T>(name: string, parse: (text: string) => T, otherwise: T): T => {
    try {
      return options[name] === undefined ? otherwise : parse(options[name]);
    } catch {
      return otherwise;
    }
  };
  const size = read('cache-max-size', (text) => parseSize(text, 1000), 0);
  const files = read('cache-max-file', parseInteger, 0);
  const maxFiles = files > 0 ? files : localDefaults.maxFiles;
  return {
    maxSizeBytes: size > 0 ? size : localDefaults.maxSizeBytes,
    maxFiles,
    compress: maxFiles > 1 && read('cache-compress', parseBool, localDefaults.compress),
  };
}
