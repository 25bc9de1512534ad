import { json, type Handler } from '../../handler.ts';
import { updateBodyAt } from '../../wire/container-update.ts';

/** Changes limits and restart policy. 400 for what is wrong, 404 no such container, 409 against what is set, 500 refused by the kernel. */
export const containerUpdate: Handler<'ContainerUpdate'> = async ({ engine, params, body, version }) => {
  const warnings = await engine.containers.update(params.id, updateBodyAt(body, version));
  return json({ Warnings: warnings.length > 0 ? warnings : null });
};
