import { internal, invalidArgument, unimplemented } from '../../../src/errors.ts';
import { empty, type Handler, type Handlers } from '../../handler.ts';
import { asksForUpgrade } from '../../hijack.ts';
import { checkpointCreate, checkpointDelete, checkpointList } from './checkpoints.ts';

/** The builder's gRPC; likewise see Session. */
const grpc: Handler<'Grpc'> = ({ req }) => {
  if (!asksForUpgrade(req)) throw internal('no upgrade proto in request');
  throw unimplemented('this engine has no builder yet');
};

/** Cancels a build by id; one that does not run is cancelled already. */
const buildCancel: Handler<'BuildCancel'> = ({ search }) => {
  if (!search.get('id')) throw invalidArgument('build ID not provided');
  return empty(200);
};

/** The operations of the tag Extra. */
export const handlers: Handlers = {
  Grpc: grpc,
  BuildCancel: buildCancel,
  CheckpointList: checkpointList,
  CheckpointCreate: checkpointCreate,
  CheckpointDelete: checkpointDelete,
};
