import type { IncomingMessage } from 'node:http';
import type { ApiDocument, Operation } from '../openapi/document.ts';
import { internal, invalidArgument, messageOf, unavailable } from '../src/errors.ts';
import { decodeBody } from './decode.ts';
import { bodyOf } from './hijack.ts';

/** More than any request that is JSON can mean; archives are not read here. */
const limitBytes = 16 * 1024 * 1024;
/** How long a client may take over such a body. */
const deadlineMs = 60_000;

/** Operations that want a body where others take none as empty. */
const needsBody: ReadonlySet<string> = new Set(['ContainerCreate', 'SystemAuth']);
/** These decode whatever the type of the content is, and call what is wrong with it a fault of the server. */
const unchecked: ReadonlySet<string> = new Set(['SystemAuth']);

/** Whether the operation takes JSON that this module reads. */
export function takesJson(operation: Operation): boolean {
  return operation.requestBody?.content['application/json'] !== undefined;
}

/**
 * Reads and decodes the JSON body of a request; undefined when there is none, or `null`.
 * @throws invalid-argument, in dockerd's words, for another type of content or what does not decode
 */
export async function jsonBody(
  document: ApiDocument,
  operation: Operation,
  request: IncomingMessage,
): Promise<unknown> {
  const { operationId, requestBody } = operation;
  if (!requestBody) return undefined;
  const empty =
    request.headers['transfer-encoding'] === undefined && !Number(request.headers['content-length'] ?? 0);
  if (!unchecked.has(operationId)) checkContentType(request.headers['content-type'], empty);
  if (empty && !needsBody.has(operationId)) return undefined;
  const source = empty ? '' : await readText(request);
  if (!unchecked.has(operationId)) return decodeBody(document, requestBody, source);
  try {
    return decodeBody(document, requestBody, source);
  } catch (error) {
    throw internal(goError(messageOf(error)), error);
  }
}

/** The decoder's own words, without what dockerd's helper adds elsewhere. */
function goError(message: string): string {
  const bare = message.replace(/^invalid JSON: /, '');
  return bare === 'got EOF while reading request body' ? 'EOF' : bare;
}

function checkContentType(header: string | undefined, empty: boolean): void {
  if (header === undefined && empty) return;
  const given = header ?? '';
  const type = (given.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type === '') throw invalidArgument(`malformed Content-Type header (${given}): mime: no media type`);
  if (!/^[^\s/;"]+\/[^\s/;"]+$/.test(type))
    throw invalidArgument(`malformed Content-Type header (${given}): mime: expected slash after first token`);
  if (type !== 'application/json')
    throw invalidArgument(`unsupported Content-Type header (${given}): must be 'application/json'`);
}

async function readText(request: IncomingMessage): Promise<string> {
  const deadline = setTimeout(
    () => request.destroy(unavailable('the body of the request took too long')),
    deadlineMs,
  );
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of bodyOf(request)) {
      length += chunk.length;
      if (length > limitBytes) throw invalidArgument('http: request body too large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } catch (error) {
    // The client has left in the middle of it.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    throw invalidArgument('invalid JSON: unexpected EOF', error);
  } finally {
    clearTimeout(deadline);
  }
}
