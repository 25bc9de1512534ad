import { json, type Handler } from '../../handler.ts';

/** Tries credentials on their registry. 401 when it refuses them, 500 when it cannot be asked. */
export const systemAuth: Handler<'SystemAuth'> = async ({ engine, body, signal }) => {
  // Loaded when first needed: its HTTP client is large.
  const { login } = await import('../../../src/registry/login.ts');
  const credentials = {
    username: body?.username ?? '',
    password: body?.password ?? '',
    identityToken: '',
    serverAddress: body?.serveraddress ?? '',
  };
  const { status, identityToken } = await login(credentials, engine.config.registries.insecure, signal);
  return json({ IdentityToken: identityToken, Status: status });
};
