import { json, type Handler } from '../../handler.ts';

/** What became of a command. 404 no such exec. */
export const execInspect: Handler<'ExecInspect'> = async ({ engine, params }) => {
  const exec = await engine.exec.inspect(params.id);
  const { Tty, Cmd, Privileged, User, AttachStdin, AttachStdout, AttachStderr } = exec.config;
  return json({
    ID: exec.id,
    Running: exec.running,
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: Tty,
      entrypoint: Cmd[0],
      arguments: Cmd.slice(1),
      privileged: Privileged,
      ...(User !== '' && { user: User }),
    },
    OpenStdin: AttachStdin,
    OpenStderr: AttachStderr,
    OpenStdout: AttachStdout,
    CanRemove: false,
    ContainerID: exec.containerId,
    DetachKeys: exec.detachKeys.toString('base64'),
    Pid: exec.pid,
  });
};
