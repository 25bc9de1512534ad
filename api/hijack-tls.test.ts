import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTlsServer, type Server } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { ClientStream } from '../src/containers/client-stream.ts';
import { hijack, mayUpgrade, routeUpgrades } from './hijack.ts';

// Of nobody: made for this test, valid until 2126.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMUf4dqEqN37nOJ49
4Y+nMK5n4KxmrOZXQ+KYDhM0ZzWhRANCAATzDWw+aY38Gew1/otx8Ef9jN18GhKE
ALI/kQ5WREj+TQwNSdZSSB7/zHSBAUZI1b+8vwePQ5fUZK4Hnfpr6dEK
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUMOB64gwgv8Foh18Bo+5bZbiqOnAwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjMyMzQzMzZaGA8yMTI2MTAzMDIzNDMz
NlowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPMN
bD5pjfwZ7DX+i3HwR/2M3XwaEoQAsj+RDlZESP5NDA1J1lJIHv/MdIEBRkjVv7y/
B49Dl9Rkrged+mvp0QqjUzBRMB0GA1UdDgQWBBSh+oWxd7oipDI5UEOxbwvRV3ui
yDAfBgNVHSMEGDAWgBSh+oWxd7oipDI5UEOxbwvRV3uiyDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQDf+s97Gv+fW6DaFDQKcTRBhD6vKNIF3apV
PJA4sYnL8AIgSlrpxzwzcI1dZ7NVgjtaH0NUVkpTGtpkfPxBsUvWwrM=
-----END CERTIFICATE-----`;

const executor = { request: () => Promise.reject(new Error('a TLS client cannot be handed over')) };
let directory: string;
let server: Server;

/** A server that hijacks every connection and lets a shim that sends everything back serve it. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'berth-tls-'));
  const path = join(directory, 'shim');
  const shim = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => {
      socket.write('1 ok\n');
      socket.pipe(socket);
    });
  }).listen(path);
  await once(shim, 'listening');
  server = createTlsServer({ key, cert, allowHalfOpen: true, shouldUpgradeCallback: mayUpgrade } as object);
  const application = async (...[request, response]: Parameters<typeof hijack>): Promise<void> => {
    const connection = hijack(request, response);
    connection.socket.write('head\n');
    await new ClientStream(connection, executor).serveBy(path, {});
  };
  server.on('request', (request, response) => void application(request, response));
  routeUpgrades(
    server as unknown as Parameters<typeof routeUpgrades>[0],
    (request, response) => void application(request, response),
  );
  server.once('close', () => shim.close());
  server.listen(0);
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

async function client(): Promise<TLSSocket> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    port,
    ca: cert,
    checkServerIdentity: () => undefined,
    allowHalfOpen: true,
  } as object);
  await once(socket, 'secureConnect');
  return socket;
}

for (const [kind, headers] of [
  ['an upgraded', 'Connection: Upgrade\r\nUpgrade: tcp\r\n'],
  ['a not upgraded', ''],
] as const) {
  test(`${kind} TLS client is relayed, every byte both ways`, async () => {
    const socket = await client();
    socket.write(`POST /containers/x/attach HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    await once(socket, 'data');
    const sent = 'x'.repeat(3_000_000);
    socket.end(sent);
    await once(socket, 'end');
    assert.equal(answer.length, 'head\n'.length + sent.length);
  });
}
