import type { IncomingMessage } from 'node:http';
import type { RegistryCredentials } from '../src/registry/repository.ts';

/**
 * The credentials of `X-Registry-Auth`: JSON in base64 of either alphabet. dockerd takes a header that it cannot read for none,
 * and so do we: undefined.
 */
export function registryAuth(request: IncomingMessage): RegistryCredentials | undefined {
  const header = request.headers['x-registry-auth'];
  if (typeof header !== 'string' || header === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { username, password, identitytoken, registrytoken, auth } = value as Record<string, unknown>;
  const [fromAuth, ...rest] =
    typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8').split(':') : [];
  return {
    ...text('username', username ?? fromAuth),
    ...text('password', password ?? (rest.length > 0 ? rest.join(':') : undefined)),
    ...text('identityToken', identitytoken),
    ...text('registryToken', registrytoken),
  };
}

function text(name: keyof RegistryCredentials, value: unknown): RegistryCredentials {
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}
