/* What the tests of the whole server share: one server of this process, and clients that wait. */
#ifndef PCED_TESTS_LIB_SERVER_RIG_H
#define PCED_TESTS_LIB_SERVER_RIG_H

#include "io/net/client.h"
#include "server/server.h"

extern struct server server;
extern struct config config; /* what the next start takes */
extern struct failure failure;

/* False (and said so) where this machine has no io_uring for us. */
bool start(unsigned shards);
/* A deadline for what has to happen. */
struct mono soon(void);
/* From 127.0.1.<last>. */
void connect_from(struct client *client, uint8_t last);
void connect_with_buffer(struct client *client, uint8_t last, int receive_buffer);
/* The next message; its type, or 0 at the end of the connection. */
unsigned receive_message(struct client *client, uint8_t *octets, size_t room);
/* Open and Keepalive. */
void send_hello(struct client *client);
/* The same of a peer that sends no Keepalives and has no DeadTimer. */
void send_hello_without_timers(struct client *client);
/* The whole handshake. */
void open_session(struct client *client, uint8_t last);
/* One PCReq after the other; returns the octets of as many as fit. */
size_t fill_with_requests(uint8_t *octets, size_t room);

#endif
