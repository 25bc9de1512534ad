import { invalidArgument } from '../../../src/errors.ts';
import { created, type Handler } from '../../handler.ts';
import { consoleSizeOf } from './console-size.ts';

/** Registers a command to be run in a running container. 400 no command or no such user, 404, 409 not running or paused. */
export const containerExec: Handler<'ContainerExec'> = async ({ engine, params, body = {}, version }) => {
  if (!body.Cmd?.length) throw invalidArgument('No exec command specified');
  const id = await engine.exec.create(params.id, {
    AttachStdin: body.AttachStdin ?? false,
    AttachStdout: body.AttachStdout ?? false,
    AttachStderr: body.AttachStderr ?? false,
    Tty: body.Tty ?? false,
    Cmd: body.Cmd,
    Env: body.Env ?? [],
    User: body.User ?? '',
    WorkingDir: body.WorkingDir ?? '',
    Privileged: body.Privileged ?? false,
    DetachKeys: body.DetachKeys ?? '',
    ConsoleSize: consoleSizeOf(body.ConsoleSize, version),
  });
  return created({ Id: id });
};
