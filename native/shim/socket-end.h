/* Closing a stream socket so that its peer reads an end. */
#pragma once

/*
 * Closes socket. A unix socket closed with unread input would reset its peer; a duplicate of it elsewhere
 * would keep the stream open: so it is shut down and drained before.
 */
void socket_end(int socket);
