/** What a fault ends, as kill -9 does. */
export type FaultVictim = 'daemon' | 'executor' | 'shim';

interface Fault {
  step: string;
  victim: FaultVictim;
}

let armed: Fault | undefined;
let executorPid: () => number | undefined = () => undefined;

/**
 * For tests alone: arms one fault, `step=victim`, which `faultPoint` carries out once. Without a text nothing is armed.
 * @param executor  tells the executor's process id
 */
export function armFault(text: string | undefined, executor: () => number | undefined): void {
  const match = /^([a-z:]+)=(daemon|executor|shim)$/.exec(text ?? '');
  armed = match ? { step: match[1] as string, victim: match[2] as FaultVictim } : undefined;
  executorPid = executor;
}

/**
 * A step of the work at which a crash must do no harm. Does nothing, unless a test has armed it: then the victim is dead when this
 * returns, or the daemon itself is.
 */
export function faultPoint(step: string, shimPid?: number): void {
  if (armed?.step !== step) return;
  const { victim } = armed;
  armed = undefined;
  const pid = victim === 'daemon' ? process.pid : victim === 'executor' ? executorPid() : shimPid;
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}
